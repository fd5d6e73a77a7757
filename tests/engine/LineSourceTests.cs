using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Feeding;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Lines of files, folders and packed files, whole or broken off.</summary>
public sealed class LineSourceTests : IDisposable
{
    private readonly OutputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\r\n", "a\r|b\r")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("\na\n\n \t\r\nb\n\n", "a|b")]
    [InlineData("  a \n", "  a ")]
    [InlineData("a\u000b\n\u000c\n", "a\u000b|\u000c")]
    [InlineData("\0\n", "\0")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData(" ", "")]
    public void A_line_ends_at_LF_a_CR_belongs_to_it_and_blank_lines_do_not_count(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Read(_folder.Write("in.ndjson", Encoding.UTF8.GetBytes(text)))));

    [Fact]
    public async Task A_named_pipe_is_opened_once_and_read_to_its_end()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Named pipes of this kind are of Unix.");
        }
        var pipe = Path.Combine(_folder.Path, "pipe");
        Assert.Equal(0, Start("mkfifo", pipe).ExitCode);
        var text = string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 5000));
        var file = _folder.Write("in.ndjson", Encoding.UTF8.GetBytes(text));
        using var writer = Process.Start("sh", ["-c", $"cat '{file}' > '{pipe}'"]);

        Assert.Equal(5000, Read(pipe).Count);

        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, writer.ExitCode);
    }

    private static Process Start(string program, string argument)
    {
        var process = Process.Start(program, [argument]);
        process.WaitForExit();
        return process;
    }

    [Fact]
    public void The_lines_of_any_text_are_its_pieces_between_LFs() =>
        Gen.Select(Gen.Int[0, 600_000].List[0, 6], Gen.Bool, Gen.Bool).Sample(
            (lengths, lastEnds, packed) =>
            {
                using var folder = new OutputFolder();
                var lines = lengths.Select((length, i) => $"{i}:".PadRight(length + 2, (char)('a' + i))).ToList();
                var text = Encoding.UTF8.GetBytes(string.Join('\n', lines) + (lastEnds ? "\n" : ""));
                var file = folder.Write(packed ? "in.gz" : "in.ndjson", packed ? Gzip(text) : text);
                using var source = LineSource.Open(file, folder.File("spool"));
                Assert.Equal(lines, Lines(source));
                Assert.Equal(text.Length, source.Bytes);
                Assert.Null(source.Damage);
            },
            iter: 60);

    [Fact]
    public void A_folder_is_read_in_ordinal_order_of_names()
    {
        foreach (var name in new[] { "b.ndjson", "a.ndjson", "B.ndjson", "a/z.ndjson", "10.ndjson", "9.ndjson" })
        {
            _folder.Write($"in/{name}", Encoding.UTF8.GetBytes(name));
        }
        Assert.Equal(
            ["10.ndjson", "9.ndjson", "B.ndjson", "a.ndjson", "a/z.ndjson", "b.ndjson"], Read(_folder.File("in")));
    }

    [Fact]
    public void A_line_ends_with_its_file()
    {
        _folder.Write("in/1.ndjson", "a"u8);
        _folder.Write("in/2.ndjson", "b"u8);
        Assert.Equal(["a", "b"], Read(_folder.File("in")));
    }

    [Fact]
    public void Members_of_a_gz_follow_one_another_and_zeros_after_them_are_padding()
    {
        byte[] file = [.. Gzip("a\nb"u8), .. Gzip("c\n"u8), .. Gzip(""u8), .. Gzip("d\n"u8), .. new byte[512]];
        using var source = LineSource.Open(_folder.Write("in.gz", file), _folder.File("spool"));
        Assert.Equal(["a", "bc", "d"], Lines(source));
        Assert.Null(source.Damage);
    }

    [Fact]
    public void A_gz_with_every_optional_part_of_the_header_is_read()
    {
        var plain = Gzip("a\n"u8);
        byte[] extra = [3, 0, 1, 2, 3];
        byte[] file =
        [
            .. plain[..3], 2 | 4 | 8 | 16, .. plain[4..10], .. extra, .. "name\0comment\0"u8, 9, 9, .. plain[10..],
        ];
        using var source = LineSource.Open(_folder.Write("in.gz", file), _folder.File("spool"));
        Assert.Equal(["a"], Lines(source));
        Assert.Null(source.Damage);
    }

    [Fact]
    public void A_gz_that_breaks_off_gives_everything_up_to_the_break_and_says_where()
    {
        var text = new StringBuilder();
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            text.Append(random.NextInt64()).Append('\n');
        }
        var whole = Encoding.UTF8.GetBytes(text.ToString());
        var packed = Gzip(whole);
        foreach (var cut in new[] { 1, 4, 7, 8, 9, 20, 1000, packed.Length / 2, packed.Length - 12, packed.Length - 5 })
        {
            var file = _folder.Write($"{cut}.gz", packed.AsSpan(0, packed.Length - cut));
            using var source = LineSource.Open(file, _folder.File("spool"));
            var read = string.Join('\n', Lines(source));
            Assert.StartsWith(read, text.ToString(), StringComparison.Ordinal);
            Assert.Contains($"'{file}' breaks off after {source.Bytes} bytes", source.Damage, StringComparison.Ordinal);
            // Only the trailer is missing: all lines are there.
            Assert.True(cut > 8 || source.Bytes == whole.Length);
            Assert.True(
                cut > 1000 || source.Bytes > whole.Length - 4_000, $"cut {cut}: {source.Bytes} of {whole.Length}");
        }
    }

    [Fact]
    public void A_gz_whose_bytes_were_changed_is_damaged_and_never_throws() =>
        Gen.Select(Gen.Int[0, 2000], Gen.Int[1, 255]).Sample(
            (place, change) =>
            {
                using var folder = new OutputFolder();
                var packed = Gzip(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1000, 500))));
                place %= packed.Length;
                packed[place] ^= (byte)change;
                using var source = LineSource.Open(folder.Write("in.gz", packed), folder.File("spool"));
                Lines(source);
                // Of the header, the middle says nothing of the data.
                Assert.True(source.Damage is not null || place is >= 3 and < 10, $"byte {place} xor {change}");
            },
            iter: 300);

    [Theory]
    [InlineData("plain text")]
    [InlineData("\u001f")]
    public void A_gz_that_is_none_is_damage_at_its_start(string text)
    {
        using var source = LineSource.Open(_folder.Write("in.gz", Encoding.UTF8.GetBytes(text)), _folder.File("spool"));
        Assert.Empty(Lines(source));
        Assert.Contains("breaks off after 0 bytes", source.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void What_follows_the_damaged_file_of_a_folder_is_not_read()
    {
        _folder.Write("in/1.gz", Gzip("a\n"u8).AsSpan()[..^1]);
        _folder.Write("in/2.ndjson", "b\n"u8);
        using var source = LineSource.Open(_folder.File("in"), _folder.File("spool"));
        Assert.Equal(["a"], Lines(source));
        Assert.Contains("1.gz", source.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_that_is_not_there_is_an_error() => Assert.Contains(
        "does not exist",
        Assert.Throws<InputException>(() => LineSource.Open(_folder.File("nothing"), _folder.File("spool"))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(Limits.EventBytesMax, false, "")]
    [InlineData(Limits.EventBytesMax + 1, true, "")]
    [InlineData(Limits.EventBytesMax + 1, true, "\nnext")]
    [InlineData(2 * 1024 * 1024, true, "")]
    [InlineData(2 * 1024 * 1024, true, "\n")]
    [InlineData(2 * 1024 * 1024, true, "\nnext\n")]
    [InlineData(4 * 256 * 1024, true, "\nnext")]
    [InlineData((4 * 256 * 1024) - 1, true, "\nnext")]
    [InlineData((4 * 256 * 1024) + 1, true, "\nnext")]
    public void A_line_too_large_to_travel_is_put_aside_whole(int length, bool aside, string rest)
    {
        var large = new byte[length];
        new Random(length).NextBytes(large);
        large.AsSpan().Replace((byte)'\n', (byte)'x');
        var file = _folder.Write("in", [.. "first\n"u8, .. large, .. Encoding.UTF8.GetBytes(rest)]);
        using var source = LineSource.Open(file, _folder.File("spool"));

        Assert.True(source.TryRead(out var first));
        Assert.Equal("first", Encoding.UTF8.GetString(first.Bytes));
        Assert.True(source.TryRead(out var line));
        Assert.Equal(aside, line.SpoolFile is not null);
        Assert.Equal(large, aside ? File.ReadAllBytes(line.SpoolFile!) : line.Bytes);
        Assert.Equal(aside ? Convert.ToHexStringLower(SHA256.HashData(large)) : null, line.Sha256);
        Assert.Equal(rest.Trim('\n') is { Length: > 0 } next ? [next] : [], Lines(source));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Limits.EventBytesMax + 1)]
    [InlineData(3 * 1024 * 1024)]
    public void A_blank_line_does_not_count_however_long(int length)
    {
        var blank = new byte[length];
        blank.AsSpan().Fill((byte)' ');
        Assert.Equal(["a", "b"], Read(_folder.Write("in", [.. "a\n"u8, .. blank, .. "\nb\n"u8, .. blank])));
        Assert.Empty(_folder.Files("spool"));
    }

    internal static byte[] Gzip(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(text);
        }
        return packed.ToArray();
    }

    private List<string> Read(string path)
    {
        using var source = LineSource.Open(path, _folder.File("spool"));
        return Lines(source);
    }

    /// <summary>The lines that count.</summary>
    private static List<string> Lines(LineSource source)
    {
        var lines = new List<string>();
        while (source.TryRead(out var line))
        {
            if (!line.IsBlank)
            {
                Assert.Null(line.SpoolFile);
                lines.Add(Encoding.UTF8.GetString(line.Bytes));
            }
        }
        return lines;
    }
}
