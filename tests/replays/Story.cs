using System.Text;
using System.Text.Json;
using Pipeline.Cli.Generate;
using Pipeline.Core;

namespace Pipeline.Tests.Replays;

/// <summary>
/// What the payloads tell: some minutes of the sample, of keys that all lie in a stream's first shard.
/// </summary>
internal static class Story
{
    /// <summary>
    /// The events' ids in the sample: three requests of one customer, a failed login, a settled payment, an error and
    /// a fatal one of the service search, its rollback, a failed payment, a scanner's request.
    /// </summary>
    private static readonly string[] s_ids =
    [
        "54bfc22865d0aaf2", "392cce7aba10ca24", "edafa1b06e533bc8", "68e4067adcbabd06", "f78226629f2debb0",
        "74856b3844050876", "c8f31f26f3b5136d", "c4cf562fa6fcc037", "73abd34576c55288", "74cec7390604769b",
    ];

    /// <summary>The partition key of the customer's requests.</summary>
    public const string Customer = "36.64.212.243";

    /// <summary>The partition key of what the service tells of itself.</summary>
    public const string Service = "search";

    /// <summary>The events' lines, in the order of the sample.</summary>
    public static IReadOnlyList<byte[]> Lines { get; } = ReadLines();

    /// <summary>
    /// Lines that are no events or bad ones: one for each reason that Validate has but the broken pack.
    /// </summary>
    public static IReadOnlyList<byte[]> BadLines { get; } =
    [
        Spoiled("latin-1"), Spoiled("truncated"), Spoiled("duplicate-member"), Spoiled("too-deep"),
        Spoiled("missing-time"), Spoiled("unknown-type"),
        Changed(Lines[5], "\"data\":", "\"dataschema\":\"https://schemas.example/app.error/9-0\",\"data\":"),
        Spoiled("status-out-of-range"),
        Oversize.Reference(Oversize.Key("a line of more than 960 KiB"u8), TimeOf(Lines[9])),
    ];

    public static DateTimeOffset TimeOf(byte[] line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("time").GetDateTimeOffset().ToUniversalTime();
    }

    /// <summary>The last time of an event of the story in some bytes; null when they hold none.</summary>
    public static DateTimeOffset? LastTimeIn(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var found = s_ids.LastOrDefault(id => text.Contains(id, StringComparison.Ordinal));
        return found is null ? null : TimeOf(Lines[Array.IndexOf(s_ids, found)]);
    }

    public static byte[] Changed(byte[] line, string text, string with) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(line).Replace(text, with, StringComparison.Ordinal));

    /// <summary>Whether a key lies in the first of two shards.</summary>
    public static bool IsInFirstShard(string key) => new Slots(2).SlotOf(Encoding.UTF8.GetBytes(key)) == 0;

    private static byte[][] ReadLines()
    {
        var lines = File.ReadLines(Path.Combine(Tools.RepositoryRoot, "events", "sample.ndjson")).ToList();
        return [.. s_ids.Select(id => Encoding.UTF8.GetBytes(
            lines.First(line => line.Contains($"\"id\":\"{id}\"", StringComparison.Ordinal))))];
    }

    private static byte[] Spoiled(string kind)
    {
        var bad = BadKind.All.Single(bad => bad.Name == kind);
        return Enumerable.Range(1, int.MaxValue).Select(seed => bad.Example(seed))
            .First(line => IsInFirstShard(PartitionKeyRule.KeyOf(line)));
    }
}
