using Pipeline.Core;
using Pipeline.Engine.Accounting;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Simulation;

/// <summary>
/// What one stream has taken: the deliveries of each record, and the order of their first copies per key.
/// </summary>
internal sealed class PipeWatch
{
    private readonly Dictionary<int, List<List<RawPosition>>> _shards = [];
    private readonly HashSet<RawPosition> _seen = [];
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);
    private readonly PositionReader _reader;
    private readonly Deliveries _deliveries;
    private readonly Verdict _verdict;
    private readonly DataStream _stream;

    /// <param name="isRaw">Whether its records are deliveries themselves, and tell when each arrived.</param>
    public PipeWatch(
        DataStream stream, bool isRaw, Deliveries deliveries, PositionReader reader, Verdict verdict)
    {
        (_stream, _deliveries, _reader, _verdict) = (stream, deliveries, reader, verdict);
        stream.Taken += isRaw ? TakeRaw : Take;
    }

    /// <summary>Whether the stream has a copy of a delivery.</summary>
    public bool Holds(RawPosition position) => _seen.Contains(position);

    /// <summary>The deliveries in a record.</summary>
    public IReadOnlyList<RawPosition> In(Shard shard, long counter) => _shards[shard.Index][(int)counter];

    private void TakeRaw(Shard shard, long counter, ReadOnlyMemory<byte> data)
    {
        var positions = new List<RawPosition>();
        for (var i = 0; i < _reader.Count(data.Span); i++)
        {
            var position = new RawPosition(shard.Index, counter, i);
            positions.Add(position);
            _deliveries.Arrive(position);
        }
        Keep(shard, positions);
    }

    private void Take(Shard shard, long counter, ReadOnlyMemory<byte> data)
    {
        var positions = new List<RawPosition>();
        Keep(shard, positions);
        foreach (var line in _reader.Events(data))
        {
            _verdict.Judge(() =>
            {
                var position = _reader.Read(line);
                positions.Add(position);
                if (_seen.Add(position) && !_deliveries.HasEnded(position))
                {
                    CheckOrder(position, PartitionKeyRule.KeyOf(line.Span));
                }
            });
        }
    }

    private void CheckOrder(RawPosition position, string key)
    {
        var arrived = _deliveries.ArrivalOf(position);
        Law.Holds(
            !_last.TryGetValue(key, out var last) || last < arrived,
            "The first copies of a key's events keep the order of their arrival.",
            $"In {_stream.Name}, arrival {arrived} comes after arrival {last} of the same key.");
        _last[key] = arrived;
    }

    private void Keep(Shard shard, List<RawPosition> positions)
    {
        if (!_shards.TryGetValue(shard.Index, out var records))
        {
            _shards.Add(shard.Index, records = []);
        }
        records.Add(positions);
    }
}
