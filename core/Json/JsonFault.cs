using System.Globalization;
using System.Text;

namespace Pipeline.Core.Json;

/// <summary>What is wrong with a JSON text; the first thing found in one forward pass.</summary>
public enum JsonFaultKind
{
    /// <summary>Nothing: the text is one JSON value (RFC 8259).</summary>
    None,
    InvalidUtf8,
    Empty,
    ByteOrderMark,
    ValueExpected,
    NameExpected,
    ColonExpected,
    CommaOrBraceExpected,
    CommaOrBracketExpected,
    LeadingZero,
    DigitExpected,
    ControlCharacter,
    UnknownEscape,
    HexDigitExpected,
    LoneSurrogate,
    UnterminatedString,
    SecondText,
    TooDeep,
}

/// <summary>A fault of a JSON text and the byte where it lies, counted from 0.</summary>
public readonly record struct JsonFault(JsonFaultKind Kind, int At)
{
    /// <summary>The fault in a sentence, with the byte's offset and what stands there.</summary>
    /// <param name="text">The text that was scanned.</param>
    /// <param name="skipped">Bytes of the original before the text; the offset counts them.</param>
    public string Describe(ReadOnlySpan<byte> text, int skipped = 0)
    {
        var at = (long)At + skipped;
        var found = Found(text);
        return string.Create(CultureInfo.InvariantCulture, $"{What(Kind)} at byte {at}{found}");
    }

    private static string What(JsonFaultKind kind) => kind switch
    {
        JsonFaultKind.InvalidUtf8 => "not UTF-8",
        JsonFaultKind.Empty => "no JSON text, only white space or nothing",
        JsonFaultKind.ByteOrderMark => "a byte order mark, which JSON does not allow,",
        JsonFaultKind.ValueExpected => "expected a value",
        JsonFaultKind.NameExpected => "expected a member name in double quotes",
        JsonFaultKind.ColonExpected => "expected ':' after a member name",
        JsonFaultKind.CommaOrBraceExpected => "expected ',' or '}' after a member",
        JsonFaultKind.CommaOrBracketExpected => "expected ',' or ']' after an element",
        JsonFaultKind.LeadingZero => "a number with a leading zero",
        JsonFaultKind.DigitExpected => "expected a digit of a number",
        JsonFaultKind.ControlCharacter => "a control character, to be escaped inside a string,",
        JsonFaultKind.UnknownEscape => "an unknown escape in a string",
        JsonFaultKind.HexDigitExpected => "expected four hexadecimal digits after \\u",
        JsonFaultKind.LoneSurrogate => "a lone surrogate escape",
        JsonFaultKind.UnterminatedString => "a string without its closing quote",
        JsonFaultKind.SecondText => "more after the end of the JSON text",
        JsonFaultKind.TooDeep => string.Create(
            CultureInfo.InvariantCulture, $"nested deeper than {Limits.EventDepthMax} levels"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A fault without words."),
    };

    private string Found(ReadOnlySpan<byte> text)
    {
        if (Kind is JsonFaultKind.Empty or JsonFaultKind.TooDeep or JsonFaultKind.ByteOrderMark)
        {
            return "";
        }
        if (At >= text.Length)
        {
            return ", found the end";
        }
        var status = Rune.DecodeFromUtf8(text[At..], out var rune, out _);
        return status != System.Buffers.OperationStatus.Done || Rune.IsControl(rune)
            ? string.Create(CultureInfo.InvariantCulture, $", found 0x{text[At]:X2}")
            : string.Create(CultureInfo.InvariantCulture, $", found '{rune}'");
    }
}
