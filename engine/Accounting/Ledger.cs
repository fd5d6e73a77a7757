using Pipeline.Engine.Storage;

namespace Pipeline.Engine.Accounting;

/// <summary>What has been seen of a delivery; several may hold, the first in this order counts.</summary>
[Flags]
public enum Seen : byte
{
    None = 0,
    Archived = 1,
    Rejected = 2,
    DeadLettered = 4,
    InFlight = 8,
}

/// <summary>Sums over all deliveries: each raw position has the first class that fits.</summary>
public readonly record struct LedgerSums(long Archived, long Rejected, long DeadLettered, long InFlight, long Lost);

/// <summary>Knows every raw position and what became of it: nine bytes or so each, whatever the events' size.</summary>
/// <remarks>
/// Positions enter when the raw stream takes them. Their classes come from what lies in the bucket and in the pipes at
/// the end, never from what functions say they did, so that a loss shows. One thread enters, two mark; who sums or saves
/// does it when nothing waits to be written.
/// </remarks>
public sealed class Ledger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, ShardLedger> _shards = [];

    /// <summary>Copies in the archive and among the bad rows beyond the first.</summary>
    public long Redelivered { get; private set; }

    /// <summary>Notes a record that the raw stream took.</summary>
    public void Enter(int shard, long counter, int events)
    {
        lock (_gate)
        {
            if (!_shards.TryGetValue(shard, out var ledger))
            {
                _shards.Add(shard, ledger = new ShardLedger());
            }
            ledger.Enter(counter, events);
        }
    }

    /// <summary>
    /// Notes where a delivery was seen; true when it was not seen there before, whatever else was.
    /// </summary>
    public bool Mark(RawPosition position, Seen seen)
    {
        lock (_gate)
        {
            return MarkAlone(position, seen);
        }
    }

    /// <summary>Forgets what was in flight, before the pipes are looked at again.</summary>
    public void ClearInFlight()
    {
        foreach (var shard in _shards.Values)
        {
            for (long i = 0; i < shard.Events; i++)
            {
                shard.Flags(i) &= ~Seen.InFlight;
            }
        }
    }

    /// <summary>Adds up.</summary>
    public LedgerSums Sum()
    {
        long archived = 0, rejected = 0, deadLettered = 0, inFlight = 0, lost = 0;
        foreach (var shard in _shards.Values)
        {
            for (long i = 0; i < shard.Events; i++)
            {
                var flags = shard.Flags(i);
                _ = (flags & Seen.Archived) != 0 ? archived++
                    : (flags & Seen.Rejected) != 0 ? rejected++
                    : (flags & Seen.DeadLettered) != 0 ? deadLettered++
                    : (flags & Seen.InFlight) != 0 ? inFlight++
                    : lost++;
            }
        }
        return new LedgerSums(archived, rejected, deadLettered, inFlight, lost);
    }

    /// <summary>Saves everything to a file.</summary>
    public void Save(EngineFiles files)
    {
        using var writer = new BinaryWriter(File.Create(files.PathOf("ledger.bin")));
        writer.Write(Redelivered);
        writer.Write(_shards.Count);
        foreach (var (number, shard) in _shards.OrderBy(pair => pair.Key))
        {
            writer.Write(number);
            shard.Save(writer);
        }
    }

    /// <summary>Takes up what was saved.</summary>
    public void Restore(EngineFiles files)
    {
        using var reader = new BinaryReader(File.OpenRead(files.PathOf("ledger.bin")));
        Redelivered = reader.ReadInt64();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            _shards.Add(reader.ReadInt32(), ShardLedger.Restore(reader));
        }
    }

    private bool MarkAlone(RawPosition position, Seen seen)
    {
        if (!_shards.TryGetValue(position.Shard, out var ledger) || !ledger.TryFind(position, out var place))
        {
            return false;
        }
        const Seen stored = Seen.Archived | Seen.Rejected;
        ref var flags = ref ledger.Flags(place);
        Redelivered += (seen & stored) != 0 && (flags & stored) != 0 ? 1 : 0;
        var isNew = (flags & seen) == 0;
        flags |= seen;
        return isNew;
    }
}
