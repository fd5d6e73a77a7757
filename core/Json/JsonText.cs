using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pipeline.Core.Json;

/// <summary>Strings of JSON texts that were scanned already: "content" is what stands between the quotes.</summary>
public static class JsonText
{
    /// <summary>A good size, in bytes, for the buffer that <see cref="Decode"/> takes.</summary>
    public const int StackBytes = 256;

    /// <summary>Longest excerpt of a value in a message, in bytes.</summary>
    public const int ExcerptBytesMax = 60;

    /// <summary>The content of a string value; false when the value is not a string.</summary>
    public static bool TryContent(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> content)
    {
        var isString = value.Length >= 2 && value[0] == '"';
        content = isString ? value[1..^1] : default;
        return isString;
    }

    /// <summary>The content unescaped: the slice itself when nothing is escaped, else a decoded copy.</summary>
    /// <param name="buffer">Used when it is large enough; else memory is rented until the answer is disposed.</param>
    public static DecodedText Decode(ReadOnlySpan<byte> content, Span<byte> buffer)
    {
        if (!content.Contains((byte)'\\'))
        {
            return new DecodedText(content, null);
        }
        var rented = content.Length > buffer.Length ? ArrayPool<byte>.Shared.Rent(content.Length) : null;
        var target = rented is null ? buffer : rented;
        return new DecodedText(target[..Unescape(content, target)], rented);
    }

    /// <summary>Unescapes content; the answer is never longer than the content.</summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var plain = content.IndexOf((byte)'\\');
            var run = plain < 0 ? content : content[..plain];
            run.CopyTo(destination[written..]);
            written += run.Length;
            if (plain < 0 || plain + 1 >= content.Length)
            {
                return written;
            }
            content = content[plain..];
            if (content[1] == 'u')
            {
                var rune = ReadRune(content, out var bytes);
                written += rune.EncodeToUtf8(destination[written..]);
                content = content[bytes..];
            }
            else
            {
                destination[written++] = Unescape(content[1]);
                content = content[2..];
            }
        }
    }

    /// <summary>The content as a .NET string.</summary>
    public static string ToText(ReadOnlySpan<byte> content)
    {
        using var decoded = Decode(content, stackalloc byte[StackBytes]);
        return Encoding.UTF8.GetString(decoded.Span);
    }

    /// <summary>Whether two contents are the same text, however each is escaped.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
        {
            return true;
        }
        return (left.Contains((byte)'\\') || right.Contains((byte)'\\')) && AreEqualDecoded(left, right);
    }

    [SkipLocalsInit]
    private static bool AreEqualDecoded(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        using var leftDecoded = Decode(left, stackalloc byte[StackBytes]);
        using var rightDecoded = Decode(right, stackalloc byte[StackBytes]);
        return leftDecoded.Span.SequenceEqual(rightDecoded.Span);
    }

    /// <summary>The number of Unicode characters (code points) of UTF-8 text without escapes.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var value in utf8)
        {
            // Continuation bytes (10xxxxxx) are those below -64 as signed numbers.
            count += (sbyte)value >= -64 ? 1 : 0;
        }
        return count;
    }

    /// <summary>
    /// The beginning of a text for a message: at most <see cref="ExcerptBytesMax"/> bytes, whole characters, control
    /// characters as spaces.
    /// </summary>
    public static string Excerpt(ReadOnlySpan<byte> utf8)
    {
        var isCut = utf8.Length > ExcerptBytesMax;
        if (isCut)
        {
            var end = ExcerptBytesMax - 1;
            while (end > 0 && (utf8[end] & 0xC0) == 0x80)
            {
                end--;
            }
            utf8 = utf8[..end];
        }
        var flat = new StringBuilder(ExcerptBytesMax);
        foreach (var character in Encoding.UTF8.GetString(utf8))
        {
            flat.Append(char.IsControl(character) ? ' ' : character);
        }
        return (isCut ? flat.Append('…') : flat).ToString();
    }

    /// <summary>The UTF-16 unit that four hexadecimal digits at an offset name; -1 when there are not four.</summary>
    internal static int HexUnit(ReadOnlySpan<byte> text, int at)
    {
        if (at + 4 > text.Length)
        {
            return -1;
        }
        var unit = 0;
        foreach (var digit in text.Slice(at, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return -1;
            }
            unit = (unit << 4) | ((digit & 0xF) + (digit > '9' ? 9 : 0));
        }
        return unit;
    }

    // The character of a \u escape or of a pair of them; '?' for what the scanner would have refused.
    private static Rune ReadRune(ReadOnlySpan<byte> content, out int bytes)
    {
        bytes = Math.Min(6, content.Length);
        var high = HexUnit(content, 2);
        if (high >= 0 && Rune.TryCreate((char)high, out var rune))
        {
            return rune;
        }
        var low = content.Length >= 12 && content[6] == '\\' && content[7] == 'u' ? HexUnit(content, 8) : -1;
        if (high < 0 || low < 0 || !Rune.TryCreate((char)high, (char)low, out rune))
        {
            return new Rune('?');
        }
        bytes = 12;
        return rune;
    }

    private static byte Unescape(byte escape) => escape switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => escape,
    };
}

/// <summary>Unescaped text, UTF-8: a slice of the JSON text, or a copy that may lie in rented memory.</summary>
public readonly ref struct DecodedText
{
    private readonly byte[]? _rented;

    internal DecodedText(ReadOnlySpan<byte> span, byte[]? rented)
    {
        Span = span;
        _rented = rented;
    }

    /// <summary>The text, valid until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>Gives rented memory back; call once.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
