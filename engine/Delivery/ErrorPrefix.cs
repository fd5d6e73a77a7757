using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Engine.Delivery;

/// <summary>Evaluates the expressions of an error prefix. Source: "Custom Prefixes for Amazon S3 Objects".</summary>
internal static partial class ErrorPrefix
{
    /// <summary>Puts the error's type and the time (UTC) where the prefix asks for them.</summary>
    public static string Evaluate(string prefix, string errorType, DateTimeOffset time) => Expression().Replace(
        prefix,
        match => match.Groups["time"] is { Success: true } format
            ? time.UtcDateTime.ToString(
                format.Value.Replace("/", "'/'", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            : errorType);

    [GeneratedRegex(@"!\{(?:firehose:error-output-type|timestamp:(?<time>[^}]+))\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Expression();
}
