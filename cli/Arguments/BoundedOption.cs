using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Pipeline.Cli.Arguments;

/// <summary>Options whose values have bounds. A value beyond them is wrong usage, told with what is allowed.</summary>
/// <remarks>
/// None has a default: the library would show it as .NET writes it (<c>00:00:20</c>). Descriptions name the defaults;
/// where the type's own default will not do, the value is nullable.
/// </remarks>
public static class BoundedOption
{
    private const string InstantExample = "2026-01-05T08:00:00Z";

    private static readonly string[] InstantForms =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private delegate bool Parser<T>(string text, out T value);

    /// <summary>A whole number within bounds, both included.</summary>
    public static Option<long> Integer(string name, string description, long min, long max) => Create(
        name,
        "N",
        description,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out long value) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max);

    /// <summary>A whole number within bounds, both included; null when the option is absent.</summary>
    public static Option<long?> OptionalInteger(string name, string description, long min, long max) => Create(
        name,
        "N",
        description,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out long? value) =>
        {
            const NumberStyles style = NumberStyles.AllowLeadingSign;
            bool read = long.TryParse(text, style, CultureInfo.InvariantCulture, out long number);
            value = number;
            return read && number >= min && number <= max;
        });

    /// <summary>One of a few words.</summary>
    public static Option<string?> Choice(string name, string description, params string[] words) => Create(
        name,
        string.Join('|', words),
        description,
        string.Join(" or ", words),
        (string text, out string? value) =>
        {
            value = text;
            return words.Contains(text);
        });

    /// <summary>A decimal number within bounds, both included.</summary>
    public static Option<double?> Number(string name, string helpName, string description, double min, double max)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return Create(
            name,
            helpName,
            description,
            string.Create(CultureInfo.InvariantCulture, $"a number from {(decimal)min} to {(decimal)max}"),
            (string text, out double? value) =>
            {
                bool read = double.TryParse(text, style, CultureInfo.InvariantCulture, out double number);
                value = number;
                return read && number >= min && number <= max;
            });
    }

    /// <summary>A duration up to <paramref name="max"/>, zero included.</summary>
    public static Option<TimeSpan> Span(string name, string description, TimeSpan max) => Create(
        name,
        "DURATION",
        description,
        string.Create(CultureInfo.InvariantCulture, $"{Duration.Form}, at most {max.TotalHours:0}h"),
        (string text, out TimeSpan value) => Duration.TryParse(text, out value) && value <= max);

    /// <summary>A time in RFC 3339 with its offset, in some range of years.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description, int min, int max) => Create(
        name,
        "TIME",
        description,
        string.Create(CultureInfo.InvariantCulture, $"a time such as {InstantExample} from {min} to {max}"),
        (string text, out DateTimeOffset? value) =>
        {
            const DateTimeStyles style = DateTimeStyles.AssumeUniversal;
            bool read = DateTimeOffset.TryParseExact(
                text, InstantForms, CultureInfo.InvariantCulture, style, out DateTimeOffset time);
            value = time;
            return read && time.UtcDateTime.Year >= min && time.UtcDateTime.Year <= max;
        });

    /// <summary>The name of a file or directory, or <c>-</c>; null when it is not given.</summary>
    public static Option<string?> Path(string name, string helpName, string description) => Create(
        name,
        helpName,
        description,
        $"the name of a {(helpName == "DIR" ? "directory" : "file")} (write ./-x for one that starts with a dash)",
        (string text, out string? value) =>
        {
            value = text;
            return text.Length > 0 && (text[0] != '-' || (text == "-" && helpName.EndsWith('-')));
        });

    /// <summary>One name or several, none of which starts with a dash.</summary>
    public static Option<string[]> Names(string name, string helpName, string description)
    {
        var option = new Option<string[]>(name)
        {
            HelpName = helpName,
            Description = description,
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value is "" or ['-', ..]) is { } wrong)
            {
                result.AddError($"{name} takes one {helpName} or several, not '{wrong.Value}'.");
            }
        });
        return option;
    }

    private static Option<T> Create<T>(
        string name, string helpName, string description, string allowed, Parser<T> parser) => new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result => Parse(result, name, allowed, parser),
        };

    private static T Parse<T>(ArgumentResult result, string name, string allowed, Parser<T> parser)
    {
        string text = result.Tokens[0].Value;
        if (!parser(text, out T value))
        {
            result.AddError($"{name} takes {allowed}, not '{text}'.");
        }

        return value;
    }
}
