namespace Pipeline.Engine.Streams;

/// <summary>
/// Keeps the bytes of the segments filled last, so that readers a little behind need not go to the files.
/// </summary>
/// <remarks>One for all logs, so that memory does not grow with the number of shards; the oldest goes first.</remarks>
public sealed class SegmentCache
{
    private const long BytesMax = 32 * 1024 * 1024;

    private readonly Queue<(ShardLog Log, LogSegment Segment)> _kept = new();
    private readonly Dictionary<(ShardLog Log, int Number), LogSegment> _found = [];
    private long _bytes;

    internal void Keep(ShardLog log, LogSegment segment)
    {
        _found.Add((log, segment.Number), segment);
        _kept.Enqueue((log, segment));
        _bytes += segment.Length;
        while (_bytes > BytesMax)
        {
            var (owner, oldest) = _kept.Dequeue();
            _found.Remove((owner, oldest.Number));
            _bytes -= oldest.Length;
        }
    }

    internal bool TryFind(ShardLog log, int number, out LogSegment? segment) =>
        _found.TryGetValue((log, number), out segment);
}
