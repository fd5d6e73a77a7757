using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Core.Json;

namespace Pipeline.Functions.Route;

/// <summary>A rule: which events ask for which command.</summary>
/// <param name="name">The rule's name, 1 to 64 of <c>a-z0-9-</c>; it goes into the commands' ids.</param>
/// <param name="match">The condition on the event.</param>
/// <param name="priority">How soon the command must be carried out.</param>
/// <param name="command">The command's name.</param>
public sealed class CommandRoute(string name, EventPattern match, CommandPriority priority, string command)
{
    private const int IdBytes = 16;

    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    /// <summary>The rule's name.</summary>
    public string Name => name;

    /// <summary>The condition on the event.</summary>
    public EventPattern Match => match;

    /// <summary>The command's arguments; null for the event's data as it is.</summary>
    public ArgumentTemplate? Arguments { get; init; }

    /// <summary>How long after it was asked for the command is of use; null for ever.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The command that an event asks for: the same for every delivery of the event.</summary>
    /// <remarks>
    /// Its id is the first 16 bytes, in hex, of SHA-256 over the route's name and the event's partition key, source and
    /// id, UTF-8, with a zero byte between them. It is requested when the record arrived. An event without source or id
    /// never gets here: who reads events makes it a bad row.
    /// </remarks>
    public Command CommandFor(in Event @event)
    {
        var key = @event.Record.PartitionKey.Span;
        var requestedAt = @event.Record.ArrivedAt;
        return new Command(
            IdFor(@event, key),
            command,
            Arguments is null ? @event.Raw(EventAttribute.Data).ToArray() : Arguments.Fill(@event),
            priority,
            requestedAt,
            new CommandCause(
                Encoding.UTF8.GetString(key),
                @event.Text(EventAttribute.Source)!,
                @event.Text(EventAttribute.Id)!))
        {
            Deadline = requestedAt + Deadline,
        };
    }

    private string IdFor(in Event @event, ReadOnlySpan<byte> key)
    {
        using var source = @event.Decode(EventAttribute.Source, stackalloc byte[JsonText.StackBytes]);
        using var id = @event.Decode(EventAttribute.Id, stackalloc byte[JsonText.StackBytes]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_name);
        hash.AppendData("\0"u8);
        hash.AppendData(key);
        hash.AppendData("\0"u8);
        hash.AppendData(source.Span);
        hash.AppendData("\0"u8);
        hash.AppendData(id.Span);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest[..IdBytes]);
    }
}
