using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>The data bucket as a directory: conditions, versions, keys that stay inside.</summary>
public sealed class DirectoryBucketTests : IDisposable
{
    private readonly OutputFolder _folder = new();
    private readonly DirectoryBucket _bucket;

    public DirectoryBucketTests() => _bucket = new DirectoryBucket(_folder.Path, _folder.EngineFiles);

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Rule", "objects.etag")]
    public void What_was_put_is_got_with_its_ETag()
    {
        var written = _bucket.Put("a/b.json", ["he"u8.ToArray(), "llo"u8.ToArray()], WriteCondition.Always);

        var stored = _bucket.Get("a/b.json")!;
        Assert.Equal("hello", Encoding.UTF8.GetString(stored.Body.Span));
#pragma warning disable CA5351 // S3 defines the ETag.
        Assert.Equal($"\"{Convert.ToHexStringLower(MD5.HashData("hello"u8))}\"", stored.ETag);
#pragma warning restore CA5351
        Assert.Equal(new WriteResult(WriteStatus.Written, stored.ETag), written);
        Assert.Null(_bucket.Get("a/c.json"));
    }

    [Fact]
    [Trait("Rule", "objects.create-only")]
    public void A_create_only_write_of_an_existing_key_is_refused_and_changes_nothing()
    {
        Assert.Equal(WriteStatus.Written, Put("first", WriteCondition.CreateOnly).Status);
        Assert.Equal(WriteStatus.PreconditionFailed, Put("second", WriteCondition.CreateOnly).Status);
        Assert.Equal("first", Text("key"));
    }

    [Fact]
    [Trait("Rule", "objects.replace")]
    public void A_replacement_needs_the_current_ETag()
    {
        var first = Put("first", WriteCondition.Always).ETag!;
        var second = Put("second", WriteCondition.Replace(first));
        Assert.Equal(WriteStatus.Written, second.Status);
        Assert.Equal(WriteStatus.PreconditionFailed, Put("third", WriteCondition.Replace(first)).Status);
        Assert.Equal("second", Text("key"));
        Assert.Equal(WriteStatus.Written, Put("third", WriteCondition.Replace(second.ETag!)).Status);
    }

    [Fact]
    [Trait("Rule", "objects.replace-missing")]
    public void A_replacement_of_a_missing_key_is_a_fault() => Assert.StartsWith(
        "NoSuchKey",
        Assert.Throws<ServiceException>(() => Put("x", WriteCondition.Replace("\"0\""))).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("..", "%2E%2E")]
    [InlineData(".", "%2E")]
    [InlineData("...", "%2E%2E%2E")]
    [InlineData("../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd")]
    [InlineData("/etc/passwd", "%/etc/passwd")]
    [InlineData("a//b", "a/%/b")]
    [InlineData("a/", "a/%")]
    [InlineData("%", "%25")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("a\\b", "a%5Cb")]
    [InlineData("a\0b\n\u007f", "a%00b%0A%7F")]
    [InlineData("C:", "C%3A")]
    [InlineData("date=2026-01-01/x_1.json", "date=2026-01-01/x_1.json")]
    [InlineData("é", "%C3%A9")]
    [InlineData("a b*?", "a%20b%2A%3F")]
    [Trait("Rule", "objects.keys")]
    public void A_key_is_a_safe_path(string key, string path)
    {
        _bucket.Put(key, ["x"u8.ToArray()], WriteCondition.Always);
        _bucket.Flush();
        Assert.Equal([path], _folder.Files().Keys.Where(name => name != "state/engine/writing"));
        Assert.Equal("x", Text(key));
    }

    [Fact]
    [Trait("Rule", "objects.keys")]
    public void Different_keys_are_different_files_inside_the_directory() =>
        Gen.Select(Key(), Key()).Where((a, b) => a != b && !Under(a, b) && !Under(b, a)).Sample(
            (a, b) =>
            {
                using var folder = new OutputFolder();
                var bucket = new DirectoryBucket(folder.Path, folder.EngineFiles);
                bucket.Put(a, ["a"u8.ToArray()], WriteCondition.Always);
                bucket.Put(b, ["b"u8.ToArray()], WriteCondition.Always);
                Assert.Equal("a", Encoding.UTF8.GetString(bucket.Get(a)!.Body.Span));
                Assert.Equal("b", Encoding.UTF8.GetString(bucket.Get(b)!.Body.Span));
                bucket.Flush();
                Assert.Equal(2, folder.Files().Count);
            },
            iter: 300);

    [Fact]
    [Trait("Rule", "objects.keys")]
    public void A_key_of_1024_bytes_in_short_segments_is_stored_and_a_longer_one_is_a_fault()
    {
        var longest = string.Join('/', Enumerable.Repeat(new string('k', 40), 25))[..1024];
        _bucket.Put(longest, ["x"u8.ToArray()], WriteCondition.Always);
        Assert.Equal("x", Text(longest));
        Assert.Throws<ServiceException>(() => _bucket.Put(longest + "k", [], WriteCondition.Always));
        Assert.Throws<ServiceException>(() => _bucket.Put("", [], WriteCondition.Always));
    }

    [Fact]
    [Trait("Rule", "objects.atomic")]
    public void Who_reads_an_object_while_it_is_replaced_never_sees_half_of_either()
    {
        Put("first", WriteCondition.Always);
        _bucket.Flush();
        using var reader = new FileStream(
            _folder.File("key"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Put("the second", WriteCondition.Always);
        _bucket.Flush();

        using var text = new StreamReader(reader);
        Assert.Equal("first", text.ReadToEnd());
        Assert.Equal("the second", Text("key"));
    }

    [Fact]
    public void An_object_that_is_replaced_again_and_again_is_a_file_once_it_is_flushed()
    {
        for (var i = 0; i < 100; i++)
        {
            Put($"{i}", WriteCondition.Always);
        }
        Assert.DoesNotContain("key", _folder.Files().Keys);
        Assert.Equal("99", Text("key"));
        _bucket.Flush();
        Assert.Equal("99", File.ReadAllText(_folder.File("key")));
    }

    [Fact]
    public void More_objects_than_memory_keeps_are_all_there()
    {
        const int count = 2000;
        for (var i = 0; i < count; i++)
        {
            _bucket.Put($"many/{i}", [BitConverter.GetBytes(i)], WriteCondition.CreateOnly);
        }
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(_bucket.Get($"many/{i}")!.Body.Span));
        }
        _bucket.Flush();
        Assert.Equal(count, _folder.Files("many").Count);
    }

    [Fact]
    public void A_large_object_takes_the_place_of_a_small_one_and_the_other_way_round()
    {
        var large = new string('x', 1024 * 1024);
        foreach (var text in new[] { "small", large, "small again", large })
        {
            var etag = Put(text, WriteCondition.Always).ETag;
            _bucket.Flush();
            Assert.Equal(text, Text("key"));
            Assert.Equal(etag, _bucket.Get("key")!.ETag);
            Assert.Equal(text, File.ReadAllText(_folder.File("key")));
        }
    }

    [Fact]
    [Trait("Rule", "objects.atomic")]
    public void A_write_that_breaks_leaves_the_object_as_it_was()
    {
        Put("first", WriteCondition.Always);
        Assert.Throws<InvalidOperationException>(() => _bucket.Put("key", new BreakingParts(), WriteCondition.Always));
        Assert.Equal("first", Text("key"));
        Put("second", WriteCondition.Always);
        Assert.Equal("second", Text("key"));
    }

    [Fact]
    public void Only_writes_that_took_effect_are_told()
    {
        var told = new List<string>();
        _bucket.Written += (key, parts) => told.Add($"{key}={Encoding.UTF8.GetString(parts[0].Span)}");
        Put("first", WriteCondition.CreateOnly);
        Put("second", WriteCondition.CreateOnly);
        Assert.Equal(["key=first"], told);
    }

    private static Gen<string> Key() =>
        Gen.String[Gen.Char["ab./%2E\\ \u0001é"], 1, 8];

    /// <summary>A file cannot also be a folder: a key that goes on below another has no place in a directory.</summary>
    private static bool Under(string key, string other) => key.StartsWith(other + "/", StringComparison.Ordinal);

    private WriteResult Put(string text, WriteCondition condition) =>
        _bucket.Put("key", [Encoding.UTF8.GetBytes(text)], condition);

    private string Text(string key) => Encoding.UTF8.GetString(_bucket.Get(key)!.Body.Span);

    /// <summary>Parts of which the second cannot be had.</summary>
    private sealed class BreakingParts : IReadOnlyList<ReadOnlyMemory<byte>>
    {
        public int Count => 2;

        public ReadOnlyMemory<byte> this[int index] =>
            index == 0 ? "half"u8.ToArray() : throw new InvalidOperationException();

        public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                yield return this[i];
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
