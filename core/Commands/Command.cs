using System.Text.Json.Serialization;

namespace Pipeline.Core.Commands;

/// <summary>The identity of the event that caused a command.</summary>
public sealed record CommandCause(
    [property: JsonPropertyName("partitionkey")] string PartitionKey, string Source, string Id);

/// <summary>
/// A request as an object: whoever sends it knows neither the operation nor its receiver. It may be refused.
/// </summary>
/// <param name="Id">
/// Derived from what asked and why, so that a redelivery asks for the same command: 1 to
/// <see cref="IdCharactersMax"/> of <c>A-Za-z0-9_-</c>.
/// </param>
/// <param name="Name">Imperative, such as <c>open-incident</c>; the handler is found by it.</param>
/// <param name="Arguments">A JSON object, UTF-8.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="Cause">The event behind it.</param>
public sealed record Command(
    string Id,
    string Name,
    ReadOnlyMemory<byte> Arguments,
    CommandPriority Priority,
    DateTimeOffset RequestedAt,
    CommandCause Cause)
{
    /// <summary>Longest id, in characters.</summary>
    public const int IdCharactersMax = 80;

    /// <summary>Longest name, in characters.</summary>
    public const int NameCharactersMax = 64;

    /// <summary>When carrying it out is no longer of use; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
