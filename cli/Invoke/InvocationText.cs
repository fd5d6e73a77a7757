using System.Globalization;
using System.Text.Json;

namespace Pipeline.Cli.Invoke;

/// <summary>
/// Says what an invocation did: in one line what came of the payload, then line by line what, where and why.
/// </summary>
internal static class InvocationText
{
    private const int RowsMax = 20;

    /// <summary>
    /// One line, such as <c>9 in, 1 emitted, 8 rejected (invalid-json 8); 1 record on Validated; 1 object below
    /// rejected/</c>.
    /// </summary>
    public static string Summary(InvocationReport report)
    {
        var (metrics, done) = (report.Metrics, report.CarriesOut ? "carried out" : "emitted");
        var counts = new List<string> { $"{Number(report.Events)} in" };
        AddCount(counts, metrics.Emitted, done);
        AddReasons(counts, metrics.Dropped, "dropped");
        AddReasons(counts, metrics.Rejected, "rejected");
        AddCount(counts, report.Failures.Count, report.CarriesOut ? "failed" : "reported");
        if (report.Result.ErrorType is { } error)
        {
            counts.Add($"failed with {error}");
        }
        var places = report.Streams.Select(put => $"{Count(put.Records.Count, "record")} on {put.Stream}")
            .Concat(report.Queues.Select(sent => $"{Count(sent.Bodies.Count, "message")} on {sent.Queue}"))
            .Concat(report.Objects.Keys.GroupBy(FolderOf, StringComparer.Ordinal).Select(
                folder => folder.Key is { } name
                    ? $"{Count(folder.Count(), "object")} below {name}"
                    : string.Join("; ", folder)));
        return string.Join("; ", [string.Join(", ", counts), .. places]);
    }

    /// <summary>Writes everything.</summary>
    /// <param name="isKept">Whether what was written is there afterwards.</param>
    public static void Write(InvocationReport report, bool isKept, TextWriter text)
    {
        text.WriteLine($"{report.Function}: {Summary(report)}");
        foreach (var (stream, records) in report.Streams)
        {
            foreach (var record in records)
            {
                text.WriteLine(
                    $"  put on {stream} {record.ShardId}: {Count(record.Events.Count, "event")} of"
                    + $" {string.Join(", ", record.Events.Select(e => e.PartitionKey).Distinct())}");
            }
        }
        foreach (var (queue, bodies) in report.Queues)
        {
            foreach (var body in bodies)
            {
                text.WriteLine($"  sent to {queue}: {body}");
            }
        }
        foreach (var (key, body) in report.Objects)
        {
            text.WriteLine($"  wrote {key} ({Count(body.Length, "byte")})");
        }
        WriteBadRows(report, text);
        if (report.Metrics.Retries > 0)
        {
            text.WriteLine($"  tried again {Count(report.Metrics.Retries, "time")}");
        }
        foreach (var sentence in report.Sentences)
        {
            text.WriteLine($"  said: {sentence}");
        }
        if (!isKept && report.Objects.Count > 0)
        {
            text.WriteLine("  nothing is kept; --output DIR keeps the objects");
        }
    }

    private static void WriteBadRows(InvocationReport report, TextWriter text)
    {
        var rows = report.BadRows().ToList();
        foreach (var row in rows.Take(RowsMax))
        {
            var errors = row.GetProperty("errors").EnumerateArray().Select(Flaw);
            text.WriteLine(
                $"  rejected {row.GetProperty("position").GetString()} as {row.GetProperty("reason").GetString()}:"
                + $" {string.Join("; ", errors)}");
        }
        if (rows.Count > RowsMax)
        {
            text.WriteLine($"  and {Count(rows.Count - RowsMax, "bad row")} more");
        }
    }

    private static string Flaw(JsonElement error) =>
        $"{error.GetProperty("pointer").GetString()} {error.GetProperty("message").GetString()}".TrimStart();

    private static string? FolderOf(string key) =>
        key.IndexOf('/', StringComparison.Ordinal) is var end && end < 0 ? null : key[..(end + 1)];

    private static void AddCount(List<string> counts, long count, string what)
    {
        if (count > 0)
        {
            counts.Add($"{Number(count)} {what}");
        }
    }

    private static void AddReasons(List<string> counts, SortedDictionary<string, long> reasons, string what)
    {
        if (reasons.Count > 0)
        {
            var texts = string.Join(", ", reasons.Select(reason => $"{reason.Key} {Number(reason.Value)}"));
            counts.Add($"{Number(reasons.Values.Sum())} {what} ({texts})");
        }
    }

    private static string Count(long count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
