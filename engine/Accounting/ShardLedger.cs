namespace Pipeline.Engine.Accounting;

/// <summary>
/// The deliveries of one raw shard: where each record's events begin, and what was seen of each event.
/// </summary>
internal sealed class ShardLedger
{
    private const int ChunkBits = 16;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private readonly List<long[]> _firstEvents = [];
    private readonly List<Seen[]> _flags = [];
    private long _records;

    /// <summary>Events entered.</summary>
    public long Events { get; private set; }

    /// <summary>Notes a record; records come in the order of their counters.</summary>
    public void Enter(long counter, int events)
    {
        if (counter != _records)
        {
            throw new InvalidOperationException($"Record {counter} entered the ledger after record {_records - 1}.");
        }
        At(_firstEvents, _records++) = Events;
        Events += events;
    }

    /// <summary>Finds an event's place.</summary>
    public bool TryFind(RawPosition position, out long place)
    {
        place = 0;
        if (position.Counter < 0 || position.Counter >= _records)
        {
            return false;
        }
        place = At(_firstEvents, position.Counter) + position.Index;
        var end = position.Counter + 1 < _records ? At(_firstEvents, position.Counter + 1) : Events;
        return place < end;
    }

    public ref Seen Flags(long place) => ref At(_flags, place);

    public void Save(BinaryWriter writer)
    {
        writer.Write(_records);
        writer.Write(Events);
        for (long i = 0; i < _records; i++)
        {
            writer.Write7BitEncodedInt64((i + 1 < _records ? At(_firstEvents, i + 1) : Events) - At(_firstEvents, i));
        }
        for (long i = 0; i < Events; i++)
        {
            writer.Write((byte)Flags(i));
        }
    }

    public static ShardLedger Restore(BinaryReader reader)
    {
        var shard = new ShardLedger();
        var records = reader.ReadInt64();
        var events = reader.ReadInt64();
        for (long i = 0; i < records; i++)
        {
            shard.Enter(i, (int)reader.Read7BitEncodedInt64());
        }
        for (long i = 0; i < events; i++)
        {
            shard.Flags(i) = (Seen)reader.ReadByte();
        }
        return shard;
    }

    private static ref T At<T>(List<T[]> chunks, long index)
    {
        var chunk = (int)(index >> ChunkBits);
        while (chunks.Count <= chunk)
        {
            chunks.Add(new T[1 << ChunkBits]);
        }
        return ref chunks[chunk][index & ChunkMask];
    }
}
