using System.Text;

namespace Pipeline.Core;

/// <summary>A rule for strings, UTF-8 and unescaped.</summary>
internal abstract class PatternText
{
    internal abstract bool Matches(ReadOnlySpan<byte> utf8);
}

internal sealed class ExactText(byte[] text) : PatternText
{
    internal override bool Matches(ReadOnlySpan<byte> utf8) => utf8.SequenceEqual(text);
}

internal sealed class PrefixText(byte[] prefix) : PatternText
{
    internal override bool Matches(ReadOnlySpan<byte> utf8) => utf8.StartsWith(prefix);
}

internal sealed class SuffixText(byte[] suffix) : PatternText
{
    internal override bool Matches(ReadOnlySpan<byte> utf8) => utf8.EndsWith(suffix);
}

/// <summary>Which end of a string must agree.</summary>
internal enum TextEnds
{
    Both,
    Start,
    End,
}

/// <summary>
/// Text without regard to case: each character of the pattern stands for itself, its lower and its upper case, by
/// Unicode's simple mappings.
/// </summary>
internal sealed class CaselessText : PatternText
{
    private readonly TextEnds _ends;
    private readonly (Rune Itself, Rune Lower, Rune Upper)[] _characters;

    internal CaselessText(string text, TextEnds ends)
    {
        _ends = ends;
        _characters =
            [.. text.EnumerateRunes().Select(rune => (rune, Rune.ToLowerInvariant(rune), Rune.ToUpperInvariant(rune)))];
    }

    internal override bool Matches(ReadOnlySpan<byte> utf8) => _ends switch
    {
        TextEnds.End => EndsSo(utf8),
        TextEnds.Start => TrySkip(ref utf8),
        _ => TrySkip(ref utf8) && utf8.IsEmpty,
    };

    private bool TrySkip(ref ReadOnlySpan<byte> utf8)
    {
        foreach (ref readonly var character in _characters.AsSpan())
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var bytes);
            if (utf8.IsEmpty || !IsOneOf(rune, character))
            {
                return false;
            }
            utf8 = utf8[bytes..];
        }
        return true;
    }

    private bool EndsSo(ReadOnlySpan<byte> utf8)
    {
        for (var index = _characters.Length - 1; index >= 0; index--)
        {
            Rune.DecodeLastFromUtf8(utf8, out var rune, out var bytes);
            if (utf8.IsEmpty || !IsOneOf(rune, _characters[index]))
            {
                return false;
            }
            utf8 = utf8[..^bytes];
        }
        return true;
    }

    private static bool IsOneOf(Rune rune, in (Rune Itself, Rune Lower, Rune Upper) character) =>
        rune == character.Itself || rune == character.Lower || rune == character.Upper;
}
