using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Core;

namespace Pipeline.Functions.Execute;

/// <summary>Whether someone must act on an incident.</summary>
public enum IncidentState
{
    Open,
    Closed,
}

/// <summary>A command that asked for an incident.</summary>
public sealed record IncidentCommand(string Command, DateTimeOffset At, string? Title = null);

/// <summary>A part of an earlier incident.</summary>
public sealed record IncidentPart(string Id, int Part);

/// <summary>
/// What is wrong with a service, and the commands that say so: the last part of its latest incident is
/// <c>incidents/&lt;service&gt;.json</c>, all others are kept below <c>incidents/&lt;service&gt;/</c>.
/// </summary>
/// <param name="Id">The id of the command that opened it.</param>
/// <param name="Part">Counts the incident's parts, from 1.</param>
/// <param name="Commands">Those of this part, in the order they came.</param>
public sealed record Incident(
    string Service,
    string Id,
    IncidentState State,
    DateTimeOffset OpenedAt,
    int Part,
    IReadOnlyList<IncidentCommand> Commands) : ILogPage
{
    /// <summary>Most commands of a part.</summary>
    public const int IncidentCommandsMax = 200;

    private const string Prefix = "incidents/";

    /// <summary>In the words of the command that opened it.</summary>
    public string? Title { get; init; }

    /// <summary>When the failure that opened it was observed, in event time; null when no command said.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>When the recovery that closed it was observed, in event time; null when no command said.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The id of the command that closed it.</summary>
    public string? ClosedBy { get; init; }

    /// <summary>The last part of the service's incident before this one.</summary>
    public IncidentPart? Previous { get; init; }

    [JsonIgnore]
    public string Key => KeyOf(Service, Id, Part);

    [JsonIgnore]
    public string? PreviousKey =>
        Part > 1 ? KeyOf(Service, Id, Part - 1)
        : Previous is { } previous ? KeyOf(Service, previous.Id, previous.Part)
        : null;

    [JsonIgnore]
    public DateTimeOffset LastAt => ClosedAt ?? (Commands.Count > 0 ? Commands[^1].At : OpenedAt);

    /// <summary>The key of a service's latest incident.</summary>
    public static string LatestKey(string service) => $"{Prefix}{ObjectKey.Segment(service)}.json";

    /// <summary>Reads an incident.</summary>
    /// <exception cref="PortFaultException">The object is none.</exception>
    public static Incident Read(string key, StoredObject stored) =>
        StoredJson.Read(key, stored.Body, StoredJson.Types.Incident, "an incident");

    /// <summary>A service's first incident, or the next one after one that is closed.</summary>
    public static Incident Open(
        string service, IncidentCommand command, DateTimeOffset? observedAt, Incident? closed) =>
        new(service, command.Command, IncidentState.Open, command.At, 1, [command])
        {
            Title = command.Title,
            ObservedAt = observedAt,
            Previous = closed is null ? null : new IncidentPart(closed.Id, closed.Part),
        };

    /// <summary>The incident with one more command, in the next part where this one is full.</summary>
    public Incident Add(IncidentCommand command, bool isFull) =>
        isFull ? this with { Part = Part + 1, Commands = [command] } : this with { Commands = [.. Commands, command] };

    /// <summary>
    /// The incident closed. A full part stays as it is and the next one says it, because the bytes of a part are fixed
    /// once it is full.
    /// </summary>
    public Incident Close(string command, DateTimeOffset at, DateTimeOffset? recoveredAt, bool isFull) => this with
    {
        RecoveredAt = recoveredAt,
        State = IncidentState.Closed,
        ClosedAt = at,
        ClosedBy = command,
        Part = isFull ? Part + 1 : Part,
        Commands = isFull ? [] : Commands,
    };

    public bool Holds(string command) => ClosedBy == command || Commands.Any(entry => entry.Command == command);

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, StoredJson.Types.Incident);

    private static string KeyOf(string service, string id, int part)
    {
        var name = Unnumbered(ObjectKey.Segment(id));
        return part == 1
            ? $"{Prefix}{ObjectKey.Segment(service)}/{name}.json"
            : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{ObjectKey.Segment(service)}/{name}-{part}.json");
    }

    // An id may end like the number of a part; its hyphen is encoded, so that the two are never mistaken.
    private static string Unnumbered(string segment)
    {
        var hyphen = segment.LastIndexOf('-');
        return hyphen >= 0 && !segment.AsSpan(hyphen + 1).ContainsAnyExceptInRange('0', '9')
            ? $"{segment[..hyphen]}%2d{segment[(hyphen + 1)..]}"
            : segment;
    }
}
