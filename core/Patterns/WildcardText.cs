namespace Pipeline.Core;

/// <summary>
/// Text with <c>*</c> for any run of characters: what stands between the stars is sought from left to right, each at
/// its first place, which decides the match without ever going back.
/// </summary>
/// <remarks>Linear in the string for any pattern: the search for a long part never compares a byte again.</remarks>
internal sealed class WildcardText : PatternText
{
    // Up to here the vector search, at worst this many times the string's length, is faster.
    private const int ShortPartBytesMax = 16;

    private readonly byte[] _first;
    private readonly byte[] _last;
    private readonly (byte[] Text, int[] Borders)[] _middle;
    private readonly bool _hasStar;
    private readonly int _bytesMin;

    /// <param name="parts">What stands before, between and behind the stars, unescaped.</param>
    internal WildcardText(IReadOnlyList<byte[]> parts)
    {
        _hasStar = parts.Count > 1;
        _first = parts[0];
        _last = _hasStar ? parts[^1] : [];
        _middle = _hasStar ? [.. parts.Skip(1).SkipLast(1).Select(part => (part, Borders(part)))] : [];
        _bytesMin = parts.Sum(part => part.Length);
    }

    internal override bool Matches(ReadOnlySpan<byte> utf8)
    {
        if (!_hasStar)
        {
            return utf8.SequenceEqual(_first);
        }
        if (utf8.Length < _bytesMin || !utf8.StartsWith(_first) || !utf8.EndsWith(_last))
        {
            return false;
        }
        utf8 = utf8[_first.Length..^_last.Length];
        foreach (var (text, borders) in _middle)
        {
            var at = text.Length <= ShortPartBytesMax ? utf8.IndexOf(text) : IndexOf(utf8, text, borders);
            if (at < 0)
            {
                return false;
            }
            utf8 = utf8[(at + text.Length)..];
        }
        return true;
    }

    // Knuth, Morris, Pratt: borders[n] is the length of the longest proper prefix of the first n bytes that also
    // ends them.
    private static int[] Borders(byte[] text)
    {
        var borders = new int[text.Length + 1];
        var border = 0;
        for (var index = 1; index < text.Length; index++)
        {
            while (border > 0 && text[index] != text[border])
            {
                border = borders[border];
            }
            border += text[index] == text[border] ? 1 : 0;
            borders[index + 1] = border;
        }
        return borders;
    }

    private static int IndexOf(ReadOnlySpan<byte> utf8, byte[] text, int[] borders)
    {
        var matched = 0;
        for (var index = 0; index < utf8.Length; index++)
        {
            while (matched > 0 && utf8[index] != text[matched])
            {
                matched = borders[matched];
            }
            matched += utf8[index] == text[matched] ? 1 : 0;
            if (matched == text.Length)
            {
                return index + 1 - matched;
            }
        }
        return -1;
    }
}
