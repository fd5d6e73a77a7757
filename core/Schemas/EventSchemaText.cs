using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// The keywords of strings: <c>minLength</c>, <c>maxLength</c> (in code points), <c>pattern</c>, <c>format</c>.
/// </summary>
internal sealed class EventSchemaText
{
    private const int BytesPerCharacterMax = 4;

    internal int LengthMin { get; set; }

    internal int LengthMax { get; set; } = int.MaxValue;

    internal SchemaExpression? Pattern { get; set; }

    internal string PatternRule { get; set; } = "";

    internal TextFormat? Format { get; set; }

    internal string FormatRule { get; set; } = "";

    /// <summary>Checks the string at an offset.</summary>
    /// <param name="end">The offset behind it.</param>
    /// <param name="isPlain">Whether nothing in it is escaped.</param>
    internal void Check(ref EventSchemaRun run, int at, int end, bool isPlain)
    {
        if (isPlain)
        {
            CheckContent(ref run, at, run.Text[(at + 1)..(end - 1)]);
        }
        else if (JsonText.TryContent(run.Text[at..end], out var content))
        {
            CheckEscaped(ref run, at, content);
        }
    }

    [SkipLocalsInit]
    private void CheckEscaped(ref EventSchemaRun run, int at, ReadOnlySpan<byte> content)
    {
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        CheckContent(ref run, at, decoded.Span);
    }

    private void CheckContent(ref EventSchemaRun run, int at, scoped ReadOnlySpan<byte> utf8)
    {
        // A character has one byte to four, so that most lengths need no counting.
        if (utf8.Length < LengthMin * (long)BytesPerCharacterMax || utf8.Length > LengthMax)
        {
            CheckLength(ref run, at, JsonText.CountCharacters(utf8));
        }
        if (Pattern is not null && !Pattern.IsMatch(utf8))
        {
            run.Fail(at, PatternRule);
        }
        if (Format is { } format && !TextFormats.Is(format, utf8))
        {
            run.Fail(at, FormatRule);
        }
    }

    private void CheckLength(ref EventSchemaRun run, int at, int length)
    {
        if (length < LengthMin)
        {
            run.Fail(at, run.IsQuiet ? "" : string.Create(
                CultureInfo.InvariantCulture, $"minLength: at least {LengthMin} characters, not {length}"));
        }
        if (length > LengthMax)
        {
            run.Fail(at, run.IsQuiet ? "" : string.Create(
                CultureInfo.InvariantCulture, $"maxLength: at most {LengthMax} characters, not {length}"));
        }
    }
}
