using System.Globalization;
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

    internal void Check(ref EventSchemaRun run, int at, int end)
    {
        if (!JsonText.TryContent(run.Text[at..end], out var content))
        {
            return;
        }
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        // A character has one byte to four, so that most lengths need no counting.
        if (decoded.Span.Length < LengthMin * (long)BytesPerCharacterMax || decoded.Span.Length > LengthMax)
        {
            CheckLength(ref run, at, JsonText.CountCharacters(decoded.Span));
        }
        if (Pattern is not null && !Pattern.IsMatch(decoded.Span))
        {
            run.Fail(at, PatternRule);
        }
        if (Format is { } format && !TextFormats.Is(format, decoded.Span))
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
