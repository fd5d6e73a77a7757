using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Commands;
using Pipeline.Engine.Mappings;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Storage;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Execute;

namespace Pipeline.Engine.Accounting;

/// <summary>Knows every command that a queue took and what became of it; some forty bytes each.</summary>
/// <remarks>
/// Commands enter when a queue takes the first message of theirs. What became of them comes from their records in the
/// bucket and from what lies in the queues at the end, never from what functions say they did, so that a loss shows.
/// </remarks>
public sealed class CommandLedger
{
    private const string FileName = "commands.bin";
    private const string IncidentsPrefix = "incidents/";

    private readonly Dictionary<UInt128, Entry> _entries = [];
    private readonly HashSet<UInt128> _incidents = [];
    private readonly DirectoryBucket _bucket;

    public CommandLedger(IEnumerable<MessageQueue> queues, DirectoryBucket bucket)
    {
        _bucket = bucket;
        foreach (var queue in queues)
        {
            queue.Sent += Request;
        }
        bucket.Written += OnWritten;
    }

    /// <summary>Adds up, with what lies in the queues now.</summary>
    /// <param name="queues">All queues; those that others hand their dead letters to hold dead letters.</param>
    public CommandSummary Sum(IReadOnlyList<MessageQueue> queues)
    {
        var dead = queues.Select(queue => queue.DeadLetters).OfType<MessageQueue>().ToHashSet();
        var waiting = KeysIn(queues.Where(queue => !dead.Contains(queue)));
        var deadLetters = KeysIn(dead);
        long inFlight = 0, deadLettered = 0;
        foreach (var (key, entry) in _entries)
        {
            if (entry.State == State.Requested)
            {
                inFlight += waiting.Contains(key) ? 1 : 0;
                deadLettered += !waiting.Contains(key) && deadLetters.Contains(key) ? 1 : 0;
            }
        }
        var executed = Count(State.Executed) + Count(State.Refused);
        var expired = Count(State.Expired);
        return new CommandSummary(
            _entries.Count, executed, Count(State.Refused), expired, deadLettered, inFlight,
            executed + expired + deadLettered + inFlight == _entries.Count,
            new SortedDictionary<string, WaitingSummary>(
                Enum.GetValues<CommandPriority>().ToDictionary(priority => priority.Name(), Waiting),
                StringComparer.Ordinal),
            _incidents.Count,
            BlockListFile.Read(_bucket.Get(BlockListFile.Key)).Addresses.Count);
    }

    /// <summary>Saves everything to a file.</summary>
    public void Save(EngineFiles files)
    {
        using var writer = new BinaryWriter(File.Create(files.PathOf(FileName)));
        writer.Write(_entries.Count);
        foreach (var (key, entry) in _entries)
        {
            Write(writer, key);
            writer.Write((byte)entry.Priority);
            writer.Write((byte)entry.State);
            writer.Write(entry.WaitedMilliseconds);
        }
        writer.Write(_incidents.Count);
        foreach (var incident in _incidents)
        {
            Write(writer, incident);
        }
    }

    /// <summary>Takes up what was saved.</summary>
    public void Restore(EngineFiles files)
    {
        using var reader = new BinaryReader(File.OpenRead(files.PathOf(FileName)));
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            _entries.Add(
                ReadKey(reader),
                new Entry((CommandPriority)reader.ReadByte(), (State)reader.ReadByte(), reader.ReadInt64()));
        }
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            _incidents.Add(ReadKey(reader));
        }
    }

    private void Request(QueueMessage message)
    {
        // What the mapping of a stream gave up to a queue asks for nothing.
        if (FailureNotice.Read(message.Body) is null)
        {
            var (key, priority) = KeyOf(message);
            _entries.TryAdd(key, new Entry(priority, State.Requested, 0));
        }
    }

    private void OnWritten(string key, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (key.StartsWith(ExecutionRecord.Prefix, StringComparison.Ordinal))
        {
            var record = ExecutionRecord.Read(key, parts[0]);
            if (record.Outcome is { } outcome)
            {
                var waited = (long)(record.StartedAt - record.RequestedAt).TotalMilliseconds;
                _entries[Hash(key)] = new Entry(record.Priority, StateOf(outcome), waited);
            }
        }
        else if (key.StartsWith(IncidentsPrefix, StringComparison.Ordinal))
        {
            using var incident = JsonDocument.Parse(parts[0]);
            _incidents.Add(Hash(incident.RootElement.GetProperty("id").GetString()!));
        }
    }

    private long Count(State state) => _entries.Values.LongCount(entry => entry.State == state);

    private WaitingSummary Waiting(CommandPriority priority)
    {
        var waits = _entries.Values
            .Where(entry => entry.Priority == priority && entry.State is State.Executed or State.Refused)
            .Select(entry => entry.WaitedMilliseconds).Order().ToArray();
        double Quantile(double share) =>
            waits.Length == 0 ? 0 : waits[(int)Math.Ceiling(share * waits.Length) - 1] / 1000d;
        return new WaitingSummary(waits.Length, Quantile(0.5), Quantile(0.99), Quantile(1));
    }

    private static State StateOf(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Executed => State.Executed,
        CommandOutcome.Refused => State.Refused,
        CommandOutcome.Expired => State.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "The books have no place for it."),
    };

    private static HashSet<UInt128> KeysIn(IEnumerable<MessageQueue> queues) =>
        [.. queues.SelectMany(queue => queue.Look()).Select(message => KeyOf(message).Key)];

    /// <summary>A message's command, told by the key of its record; one that holds none is its own.</summary>
    private static (UInt128 Key, CommandPriority Priority) KeyOf(QueueMessage message) =>
        CommandText.TryRead(Encoding.UTF8.GetString(message.Body.Span), out var command, out _)
            ? (Hash(ExecutionRecord.Key(command!.Id)), command.Priority)
            : (Hash($"message {message.Id}"), CommandPriority.Low);

    private static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static void Write(BinaryWriter writer, UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        writer.Write(bytes);
    }

    private static UInt128 ReadKey(BinaryReader reader) =>
        BinaryPrimitives.ReadUInt128BigEndian(reader.ReadBytes(16));

    private enum State : byte
    {
        Requested,
        Executed,
        Refused,
        Expired,
    }

    private readonly record struct Entry(CommandPriority Priority, State State, long WaitedMilliseconds);
}
