using System.Globalization;

namespace Pipeline.Core;

/// <summary>A part of a regular expression on ASCII text.</summary>
internal abstract record AsciiPart
{
    /// <summary>One character of a set, by bit.</summary>
    internal sealed record Character(UInt128 Set) : AsciiPart;

    internal sealed record Sequence(IReadOnlyList<AsciiPart> Parts) : AsciiPart;

    internal sealed record Alternatives(IReadOnlyList<AsciiPart> Parts) : AsciiPart;

    /// <param name="Max">Null for any number.</param>
    internal sealed record Repetition(AsciiPart Part, int Min, int? Max) : AsciiPart;

    /// <summary>The start of the text, or its end.</summary>
    internal sealed record Anchor(bool IsEnd) : AsciiPart;
}

/// <summary>
/// Reads the part of ECMA-262's regular expressions that most schemas use: ASCII characters, classes, groups,
/// alternatives, repetitions and anchors.
/// </summary>
/// <remarks>The pattern is known to be valid; what is not read here is left to the general engine.</remarks>
internal ref struct AsciiSyntax
{
    private const int DepthMax = 32;
    private const int RepetitionMax = 1000;

    private static readonly UInt128 Digits = Range('0', '9');
    private static readonly UInt128 Word = Digits | Range('a', 'z') | Range('A', 'Z') | Range('_', '_');
    private static readonly UInt128 Space = Range('\t', '\r') | Range(' ', ' ');
    private static readonly UInt128 LineEnds = Range('\n', '\n') | Range('\r', '\r');

    private readonly ReadOnlySpan<char> _pattern;
    private int _at;
    private int _depth;

    private AsciiSyntax(ReadOnlySpan<char> pattern) => _pattern = pattern;

    private readonly char Peek => _at < _pattern.Length ? _pattern[_at] : '\0';

    /// <summary>Reads a pattern; null when it uses anything else.</summary>
    internal static AsciiPart? Read(string pattern)
    {
        var syntax = new AsciiSyntax(pattern);
        var part = pattern.Contains('\0', StringComparison.Ordinal) ? null : syntax.ReadAlternatives();
        return syntax._at == pattern.Length ? part : null;
    }

    private AsciiPart.Alternatives? ReadAlternatives()
    {
        if (++_depth > DepthMax)
        {
            return null;
        }
        var parts = new List<AsciiPart>();
        do
        {
            _at += parts.Count > 0 ? 1 : 0;
            if (ReadSequence() is not { } part)
            {
                return null;
            }
            parts.Add(part);
        }
        while (Peek == '|');
        _depth--;
        return new AsciiPart.Alternatives(parts);
    }

    private AsciiPart.Sequence? ReadSequence()
    {
        var parts = new List<AsciiPart>();
        while (Peek is not ('\0' or '|' or ')'))
        {
            if (ReadAtom() is not { } atom || ReadRepetition(atom) is not { } part)
            {
                return null;
            }
            parts.Add(part);
        }
        return new AsciiPart.Sequence(parts);
    }

    private AsciiPart? ReadAtom()
    {
        var first = _pattern[_at++];
        switch (first)
        {
            case '(':
                return ReadGroup();
            case '[':
                return ReadClass();
            case '\\':
                return TryEscape(out var escaped, out _) ? new AsciiPart.Character(escaped) : null;
            case '^' or '$':
                return new AsciiPart.Anchor(first == '$');
            case '.':
                return new AsciiPart.Character(~LineEnds);
            case '*' or '+' or '?' or '{' or '}' or ']':
                return null;
            default:
                return char.IsAscii(first) ? new AsciiPart.Character(Range(first, first)) : null;
        }
    }

    private AsciiPart.Alternatives? ReadGroup()
    {
        if (Peek == '?')
        {
            if (!_pattern[_at..].StartsWith("?:"))
            {
                return null;
            }
            _at += 2;
        }
        var part = ReadAlternatives();
        return Peek == ')' && _at++ >= 0 ? part : null;
    }

    private AsciiPart? ReadRepetition(AsciiPart part)
    {
        var (min, max) = (1, (int?)1);
        switch (Peek)
        {
            case '*':
                (min, max) = (0, null);
                break;
            case '+':
                max = null;
                break;
            case '?':
                min = 0;
                break;
            case '{' when TryBounds(out min, out max):
                break;
            default:
                return Peek == '{' ? null : part;
        }
        _at++;
        // Which of several matches is taken does not matter.
        _at += Peek == '?' ? 1 : 0;
        return part is AsciiPart.Anchor || Peek is '*' or '+' or '?' or '{'
            ? null
            : new AsciiPart.Repetition(part, min, max);
    }

    // From the opening brace to the closing one.
    private bool TryBounds(out int min, out int? max)
    {
        (min, max) = (0, null);
        var end = _pattern[_at..].IndexOf('}');
        var bounds = end < 0 ? default : _pattern.Slice(_at + 1, end - 1);
        var comma = bounds.IndexOf(',');
        if (!TryCount(comma < 0 ? bounds : bounds[..comma], out min))
        {
            return false;
        }
        _at += end;
        max = comma < 0 ? min : null;
        if (comma < 0 || comma + 1 == bounds.Length)
        {
            return true;
        }
        var isCount = TryCount(bounds[(comma + 1)..], out var count);
        max = count;
        return isCount && count >= min;
    }

    private static bool TryCount(ReadOnlySpan<char> digits, out int count) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= RepetitionMax;

    private AsciiPart.Character? ReadClass()
    {
        var isNegated = Peek == '^';
        _at += isNegated ? 1 : 0;
        UInt128 set = 0;
        for (var isFirst = true; Peek != ']'; isFirst = false)
        {
            if (!TryMember(out var members, out var from))
            {
                return null;
            }
            if (from == '-' && !isFirst && Peek != ']')
            {
                return null;
            }
            if (Peek == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] != ']')
            {
                _at++;
                if (from is '\0' or '-' || !TryMember(out _, out var to) || to is '\0' or '-' || to < from)
                {
                    return null;
                }
                members = Range(from, to);
            }
            set |= members;
        }
        _at++;
        return new AsciiPart.Character(isNegated ? ~set : set);
    }

    // A member of a class; its character, or '\0' when it can be no end of a range.
    private bool TryMember(out UInt128 members, out char character)
    {
        (members, character) = (0, Peek);
        _at++;
        if (character == '\\')
        {
            return TryEscape(out members, out character);
        }
        members = char.IsAscii(character) ? Range(character, character) : 0;
        return character is not ('\0' or '[') && char.IsAscii(character);
    }

    // Behind the backslash: what the escape stands for; its character, or '\0' when it can be no end of a range.
    private bool TryEscape(out UInt128 members, out char character)
    {
        var escaped = Peek;
        _at++;
        character = escaped switch
        {
            't' => '\t',
            'n' => '\n',
            'v' => '\v',
            'f' => '\f',
            'r' => '\r',
            _ => char.IsAsciiLetterOrDigit(escaped) || !char.IsAscii(escaped) || escaped == '-' ? '\0' : escaped,
        };
        members = escaped switch
        {
            'd' => Digits,
            'D' => ~Digits,
            'w' => Word,
            'W' => ~Word,
            's' => Space,
            'S' => ~Space,
            // It neither begins nor ends a range.
            '-' => Range('-', '-'),
            _ => character == '\0' ? 0 : Range(character, character),
        };
        return members != 0;
    }

    private static UInt128 Range(char from, char to) =>
        (UInt128.MaxValue >> (127 - (to - from))) << from;
}
