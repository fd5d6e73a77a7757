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

    [JsonPropertyName("commands")]
    public required CommandSummary Commands { get; init; }

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

/// <summary>
/// Where every command is. Balanced: executed, expired, dead-lettered and in flight add up to those requested.
/// </summary>
/// <param name="Requested">Commands, told apart by their ids, that a queue took.</param>
/// <param name="Executed">Carried out, or refused for a reason that their records tell.</param>
/// <param name="Refused">Of those executed, the refused ones.</param>
/// <param name="Expired">Past their deadlines when someone had time for them.</param>
/// <param name="DeadLettered">In a dead-letter queue, and nowhere else.</param>
/// <param name="InFlight">Not carried out yet, and in a queue.</param>
/// <param name="WaitingSeconds">From request to start, by priority.</param>
/// <param name="IncidentsOpened">Incidents, told apart by their ids.</param>
/// <param name="AddressesBlocked">Addresses on the block list at the end.</param>
public sealed record CommandSummary(
    [property: JsonPropertyName("requested")] long Requested,
    [property: JsonPropertyName("executed")] long Executed,
    [property: JsonPropertyName("refused")] long Refused,
    [property: JsonPropertyName("expired")] long Expired,
    [property: JsonPropertyName("deadLettered")] long DeadLettered,
    [property: JsonPropertyName("inFlight")] long InFlight,
    [property: JsonPropertyName("balanced")] bool Balanced,
    [property: JsonPropertyName("waitingSeconds")] SortedDictionary<string, WaitingSummary> WaitingSeconds,
    [property: JsonPropertyName("incidentsOpened")] long IncidentsOpened,
    [property: JsonPropertyName("addressesBlocked")] long AddressesBlocked);

/// <summary>How long the executed commands of a priority waited, in seconds.</summary>
public sealed record WaitingSummary(
    [property: JsonPropertyName("commands")] long Commands,
    [property: JsonPropertyName("p50")] double P50,
    [property: JsonPropertyName("p99")] double P99,
    [property: JsonPropertyName("max")] double Max);

/// <summary>What the law of equal results is conditional on.</summary>
public sealed record LatenessSummary(
    [property: JsonPropertyName("late")] long Late,
    [property: JsonPropertyName("overtaken")] long Overtaken,
    [property: JsonPropertyName("agedOut")] long AgedOut,
    [property: JsonPropertyName("beyondHorizon")] long BeyondHorizon);
