using System.Text.Json.Serialization;

namespace Pipeline.Engine;

/// <summary><c>summary.json</c>: the figures of an output directory's whole life.</summary>
public sealed record RunSummary
{
    [JsonPropertyName("input")]
    public required InputSummary Input { get; init; }

    [JsonPropertyName("functions")]
    public required SortedDictionary<string, FunctionSummary> Functions { get; init; }

    [JsonPropertyName("accounting")]
    public required AccountingSummary Accounting { get; init; }

    /// <summary>Repeated events: same partition key, source and id; archived as they came.</summary>
    [JsonPropertyName("duplicates")]
    public required long Duplicates { get; init; }

    [JsonPropertyName("lateness")]
    public required LatenessSummary Lateness { get; init; }

    /// <summary>From the first clock to the last, ISO 8601.</summary>
    [JsonPropertyName("virtualDuration")]
    public required string VirtualDuration { get; init; }

    [JsonPropertyName("wallSeconds")]
    public required double WallSeconds { get; init; }

    /// <summary>Lines of this run by wall time.</summary>
    [JsonPropertyName("eventsPerSecond")]
    public required double EventsPerSecond { get; init; }
}

/// <summary>What went in: lines that hold something, and bytes, unpacked.</summary>
public sealed record InputSummary(
    [property: JsonPropertyName("lines")] long Lines, [property: JsonPropertyName("bytes")] long Bytes);

/// <summary>What a function did, as its metrics records add up.</summary>
public sealed record FunctionSummary(
    [property: JsonPropertyName("invocations")] long Invocations,
    [property: JsonPropertyName("records")] long Records,
    [property: JsonPropertyName("emitted")] long Emitted,
    [property: JsonPropertyName("dropped")] SortedDictionary<string, long> Dropped,
    [property: JsonPropertyName("rejected")] SortedDictionary<string, long> Rejected,
    [property: JsonPropertyName("retries")] long Retries);

/// <summary>Where every line is. Balanced: the first four add up to the lines, leaving out the copies.</summary>
public sealed record AccountingSummary(
    [property: JsonPropertyName("archived")] long Archived,
    [property: JsonPropertyName("rejected")] long Rejected,
    [property: JsonPropertyName("deadLettered")] long DeadLettered,
    [property: JsonPropertyName("redelivered")] long Redelivered,
    [property: JsonPropertyName("inFlight")] long InFlight,
    [property: JsonPropertyName("balanced")] bool Balanced);

/// <summary>What the law of equal results is conditional on.</summary>
public sealed record LatenessSummary(
    [property: JsonPropertyName("late")] long Late,
    [property: JsonPropertyName("overtaken")] long Overtaken,
    [property: JsonPropertyName("agedOut")] long AgedOut,
    [property: JsonPropertyName("beyondHorizon")] long BeyondHorizon);
