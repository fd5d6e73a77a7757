using System.Buffers.Text;
using System.Diagnostics;

namespace Pipeline.Cli.Generate;

/// <summary>One line under construction, without its LF: UTF-8 that grows, reused from line to line.</summary>
internal sealed class LineBuffer
{
    private byte[] _bytes = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public LineBuffer Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Space(text.Length));
        Length += text.Length;
        return this;
    }

    public LineBuffer Add(byte value)
    {
        Space(1)[0] = value;
        Length++;
        return this;
    }

    public LineBuffer AddNumber(long value)
    {
        Utf8Formatter.TryFormat(value, Space(20), out int length);
        Length += length;
        return this;
    }

    /// <summary>Adds a number in units of its last digit, of which 0 to 2 are behind the point. Not negative.</summary>
    public LineBuffer AddDecimal(long value, int digits)
    {
        int scale = digits switch { 0 => 1, 1 => 10, _ => 100 };
        AddNumber(value / scale);
        if (digits > 0)
        {
            Add((byte)'.').AddPadded((int)(value % scale), digits);
        }

        return this;
    }

    /// <summary>Adds a number with leading zeros.</summary>
    public LineBuffer AddPadded(int value, int digits)
    {
        Span<byte> space = Space(digits);
        for (int i = digits - 1; i >= 0; i--)
        {
            space[i] = (byte)('0' + value % 10);
            value /= 10;
        }

        Length += digits;
        return this;
    }

    /// <summary>Adds 16 digits.</summary>
    public LineBuffer AddHex(ulong value)
    {
        Span<byte> space = Space(16);
        for (int i = 15; i >= 0; i--)
        {
            space[i] = "0123456789abcdef"u8[(int)(value & 15)];
            value >>= 4;
        }

        Length += 16;
        return this;
    }

    /// <summary>Cuts the line.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Replaces the first occurrence, which is there.</summary>
    public void Replace(ReadOnlySpan<byte> text, ReadOnlySpan<byte> with)
    {
        int at = IndexOf(text);
        Splice(at, text.Length, with);
    }

    /// <summary>Replaces the value of the first member of that name: a number, or a string without escapes.</summary>
    /// <param name="name">With its quotes and colon.</param>
    public void SetValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        int at = IndexOf(name) + name.Length;
        Splice(at, ScalarLength(at), json);
    }

    /// <summary>Removes the first member of that name, which is such a value and not the last of its object.</summary>
    /// <inheritdoc cref="SetValue"/>
    public void Remove(ReadOnlySpan<byte> name)
    {
        int at = IndexOf(name);
        Splice(at, name.Length + ScalarLength(at + name.Length) + 1, []);
    }

    public int IndexOf(ReadOnlySpan<byte> text)
    {
        int at = Written.IndexOf(text);
        return at >= 0 ? at : throw new UnreachableException("The generator looked for a text that its line lacks.");
    }

    private int ScalarLength(int at)
    {
        ReadOnlySpan<byte> rest = Written[at..];
        return rest[0] == '"' ? rest[1..].IndexOf((byte)'"') + 2 : rest.IndexOfAny((byte)',', (byte)'}');
    }

    private void Splice(int at, int length, ReadOnlySpan<byte> with)
    {
        int tail = Length - at - length;
        _ = Space(with.Length);
        _bytes.AsSpan(at + length, tail).CopyTo(_bytes.AsSpan(at + with.Length));
        with.CopyTo(_bytes.AsSpan(at));
        Length = at + with.Length + tail;
    }

    private Span<byte> Space(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + length));
        }

        return _bytes.AsSpan(Length);
    }
}
