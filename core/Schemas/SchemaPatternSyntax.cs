using System.Buffers;
using System.Text;

namespace Pipeline.Core;

/// <summary>Whether a text is a regular expression of ECMA-262 with the flag u; one pass, no recursion.</summary>
internal ref struct SchemaPatternSyntax
{
    private readonly ReadOnlySpan<byte> _text;
    private int _at;
    private int _depth;
    private bool _canRepeat;

    private SchemaPatternSyntax(ReadOnlySpan<byte> text) => _text = text;

    internal static bool IsValid(ReadOnlySpan<byte> utf8)
    {
        var syntax = new SchemaPatternSyntax(utf8);
        while (syntax._at < utf8.Length)
        {
            if (!syntax.TryTerm())
            {
                return false;
            }
        }
        return syntax._depth == 0;
    }

    private readonly byte Peek => _at < _text.Length ? _text[_at] : (byte)0;

    private bool TryTerm()
    {
        var first = _text[_at++];
        switch (first)
        {
            case (byte)'(':
                _depth++;
                _canRepeat = false;
                return TryGroup();
            case (byte)')':
                _canRepeat = true;
                return --_depth >= 0;
            case (byte)'|' or (byte)'^' or (byte)'$':
                _canRepeat = false;
                return true;
            case (byte)'*' or (byte)'+' or (byte)'?' or (byte)'{':
                return TryRepeat(first);
            case (byte)'[':
                _canRepeat = true;
                return TryClass();
            case (byte)'\\':
                _canRepeat = Peek is not ((byte)'b' or (byte)'B');
                return TryEscape(inClass: false, out _);
            default:
                _canRepeat = true;
                return first is not ((byte)']' or (byte)'}');
        }
    }

    private bool TryGroup()
    {
        if (Peek != '?')
        {
            return true;
        }
        var rest = _text[(_at + 1)..];
        if (rest.StartsWith("<="u8) || rest.StartsWith("<!"u8))
        {
            _at += 3;
            return true;
        }
        if (rest.StartsWith("<"u8))
        {
            _at += 2;
            return TryName();
        }
        _at += 2;
        return !rest.IsEmpty && rest[0] is (byte)':' or (byte)'=' or (byte)'!';
    }

    // A name and its closing bracket.
    private bool TryName()
    {
        var end = _text[_at..].IndexOf((byte)'>');
        if (end <= 0 || char.IsAsciiDigit((char)Peek))
        {
            return false;
        }
        foreach (var one in _text.Slice(_at, end))
        {
            if (!char.IsAsciiLetterOrDigit((char)one) && one is not ((byte)'_' or (byte)'$') && one < 0x80)
            {
                return false;
            }
        }
        _at += end + 1;
        return true;
    }

    private bool TryRepeat(byte first)
    {
        if (!_canRepeat || (first == '{' && !TryBounds()))
        {
            return false;
        }
        _at += Peek == '?' ? 1 : 0;
        _canRepeat = false;
        return true;
    }

    private bool TryBounds()
    {
        var end = _text[_at..].IndexOf((byte)'}');
        var bounds = end < 0 ? default : _text.Slice(_at, end);
        var comma = bounds.IndexOf((byte)',');
        var low = comma < 0 ? bounds : bounds[..comma];
        var high = comma < 0 ? low : bounds[(comma + 1)..];
        _at += end + 1;
        return !low.IsEmpty && !low.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !high.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (high.IsEmpty || Json.JsonNumber.Compare(low, high) <= 0);
    }

    private bool TryClass()
    {
        _at += Peek == '^' ? 1 : 0;
        // The character before a hyphen; negative when a range cannot begin there.
        var from = -1;
        while (Peek != ']')
        {
            var isRange = from >= 0 && Peek == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']';
            _at += isRange ? 1 : 0;
            if (!TryClassAtom(out var character) || (isRange && (character < 0 || character < from)))
            {
                return false;
            }
            from = isRange ? -1 : character;
        }
        _at++;
        return true;
    }

    // A character of a class; negative for a set of them.
    private bool TryClassAtom(out int character)
    {
        character = -1;
        if (_at >= _text.Length)
        {
            return false;
        }
        if (_text[_at] == '\\')
        {
            _at++;
            return TryEscape(inClass: true, out character);
        }
        var status = Rune.DecodeFromUtf8(_text[_at..], out var rune, out var bytes);
        character = rune.Value;
        _at += bytes;
        return status == OperationStatus.Done;
    }

    private bool TryEscape(bool inClass, out int character)
    {
        character = -1;
        var escaped = Peek;
        _at++;
        switch (escaped)
        {
            case (byte)'d' or (byte)'D' or (byte)'s' or (byte)'S' or (byte)'w' or (byte)'W':
                return true;
            case (byte)'b':
                character = inClass ? '\b' : -1;
                return true;
            case (byte)'B':
                return !inClass;
            case (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'v':
                character = "\f\n\r\t\v"["fnrtv".IndexOf((char)escaped, StringComparison.Ordinal)];
                return true;
            case (byte)'c':
                character = Peek & 0x1F;
                return char.IsAsciiLetter((char)_text[Math.Min(_at++, _text.Length - 1)]) && _at <= _text.Length;
            case (byte)'x':
                return TryHex(2, out character);
            case (byte)'u':
                return Peek == '{' ? TryCodePoint(out character) : TryHex(4, out character);
            case (byte)'p' or (byte)'P':
                return TryProperty();
            case (byte)'k':
                return !inClass && Peek == '<' && ++_at > 0 && TryName();
            case (byte)'0':
                character = 0;
                return !char.IsAsciiDigit((char)Peek);
            case >= (byte)'1' and <= (byte)'9':
                return !inClass;
            default:
                character = escaped;
                return "^$\\.*+?()[]{}|/"u8.Contains(escaped) || (inClass && escaped == '-');
        }
    }

    private bool TryHex(int count, out int value)
    {
        value = 0;
        for (var end = _at + count; _at < end; _at++)
        {
            if (!char.IsAsciiHexDigit((char)Peek))
            {
                return false;
            }
            value = (value << 4) | ((Peek & 0xF) + (Peek > '9' ? 9 : 0));
        }
        return true;
    }

    private bool TryCodePoint(out int value)
    {
        value = 0;
        for (_at++; Peek != '}'; _at++)
        {
            if (!char.IsAsciiHexDigit((char)Peek) || value > 0x10FFFF)
            {
                return false;
            }
            value = (value << 4) | ((Peek & 0xF) + (Peek > '9' ? 9 : 0));
        }
        return _text[_at++ - 1] != '{' && value <= 0x10FFFF;
    }

    private bool TryProperty()
    {
        var end = Peek == '{' ? _text[_at..].IndexOf((byte)'}') : -1;
        var isName = end > 1 && AreNameBytes(_text.Slice(_at + 1, end - 1));
        _at += end + 1;
        return isName;
    }

    private static bool AreNameBytes(ReadOnlySpan<byte> text)
    {
        foreach (var one in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)one) && one is not ((byte)'_' or (byte)'='))
            {
                return false;
            }
        }
        return true;
    }
}
