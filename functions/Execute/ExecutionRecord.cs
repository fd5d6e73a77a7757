using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Core;
using Pipeline.Core.Commands;

namespace Pipeline.Functions.Execute;

/// <summary>The object <c>commands/&lt;id&gt;.json</c>: what is known of carrying a command out.</summary>
/// <param name="StartedAt">When the first attempt began, or first failed to.</param>
public sealed record ExecutionRecord(
    string Name, CommandPriority Priority, DateTimeOffset RequestedAt, DateTimeOffset StartedAt, CommandCause Cause)
{
    /// <summary>The prefix of all records.</summary>
    public const string Prefix = "commands/";

    /// <summary>When it was finished; null until then.</summary>
    [JsonPropertyOrder(1)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What came of it; null until it is finished.</summary>
    [JsonPropertyOrder(1)]
    public CommandOutcome? Outcome { get; init; }

    /// <summary>More about the outcome, such as why it was refused.</summary>
    [JsonPropertyOrder(1)]
    public string? Detail { get; init; }

    /// <summary>
    /// An attempt began and no one else may begin another before this moment; null when none began or it is finished.
    /// </summary>
    [JsonPropertyOrder(1)]
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Why the last attempt could not begin: the command is unknown or its arguments are wrong.</summary>
    [JsonPropertyOrder(1)]
    public string? Error { get; init; }

    /// <summary>The command needs nothing more.</summary>
    [JsonIgnore]
    public bool IsFinished => Outcome is not null;

    /// <summary>The record's key.</summary>
    public static string Key(string command) => $"{Prefix}{ObjectKey.Segment(command)}.json";

    /// <summary>The record of a command that is about to begin at a moment.</summary>
    public static ExecutionRecord Of(Command command, DateTimeOffset startedAt) =>
        new(command.Name, command.Priority, command.RequestedAt, startedAt, command.Cause);

    /// <summary>Reads a record.</summary>
    /// <exception cref="PortFaultException">The object is none.</exception>
    public static ExecutionRecord Read(string key, ReadOnlyMemory<byte> body) =>
        StoredJson.Read(key, body, StoredJson.Types.ExecutionRecord, "an execution record");

    /// <summary>The object's bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, StoredJson.Types.ExecutionRecord);
}
