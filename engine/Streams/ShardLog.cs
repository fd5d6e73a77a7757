using Pipeline.Core;
using Pipeline.Engine.Storage;

namespace Pipeline.Engine.Streams;

/// <summary>A place in a shard's log. A value: a copy is a bookmark.</summary>
public struct LogCursor
{
    internal LogSegment? Segment;
    internal int Offset;

    /// <summary>The counter of the next record to read.</summary>
    public long Next { get; internal set; }
}

/// <summary>
/// The append-only log of one shard: the newest segment in memory, full ones in files until retention ends.
/// </summary>
public sealed class ShardLog
{
    /// <summary>A segment that reaches this size is full.</summary>
    public const int SegmentBytes = 1024 * 1024;

    /// <summary>Room for the record that fills a segment, if it is not a large one.</summary>
    private const int SegmentSlackBytes = 64 * 1024;

    private readonly EngineFiles _files;
    private readonly SegmentCache _cache;
    private readonly string _folder;
    private readonly TimeSpan _retention;
    private readonly List<LogSegment> _segments = [];
    private readonly SequenceCounter _sequence;
    private int _trimmed;

    /// <param name="folder">Where full segments go, below the engine's own folder.</param>
    public ShardLog(EngineFiles files, SegmentCache cache, string folder, TimeSpan retention, SequenceCounter sequence)
    {
        (_files, _cache, _folder, _retention, _sequence) = (files, cache, folder, retention, sequence);
        _segments.Add(new LogSegment(0, sequence.Next));
    }

    /// <summary>Woken at each append, and when the last one was.</summary>
    public event Action? Appended;

    /// <summary>The counter of the next record to be written.</summary>
    public long End => _sequence.Next;

    /// <summary>A cursor before the oldest record kept.</summary>
    public LogCursor TrimHorizon => new() { Segment = _segments[_trimmed], Next = _segments[_trimmed].FirstCounter };

    /// <summary>A cursor after the newest record.</summary>
    public LogCursor Latest
    {
        get
        {
            var tail = _segments[^1];
            return new LogCursor { Segment = tail, Offset = tail.Length, Next = End };
        }
    }

    /// <summary>Appends a record.</summary>
    public SequenceNumber Append(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, DateTimeOffset now)
    {
        var number = _segments[^1].Append(_sequence, now, key, data);
        if (_segments[^1].Length >= SegmentBytes)
        {
            Seal();
            Trim(now);
        }
        Appended?.Invoke();
        return number;
    }

    /// <summary>
    /// Reads the next record and moves the cursor past it; false at the end. What retention ended is skipped.
    /// </summary>
    /// <param name="before">Records from this counter on are not read.</param>
    public bool TryRead(ref LogCursor cursor, long before, DateTimeOffset now, out LoggedRecord record)
    {
        while (cursor.Next < Math.Min(before, End))
        {
            var segment = Enter(ref cursor);
            if (cursor.Offset >= segment.Length)
            {
                cursor = new LogCursor { Segment = _segments[segment.Number + 1], Next = cursor.Next };
                continue;
            }
            record = segment.Read(ref cursor.Offset, cursor.Next);
            cursor.Next++;
            if (now - record.ArrivedAt <= _retention)
            {
                return true;
            }
        }
        record = default;
        return false;
    }

    /// <summary>Ends the log: nothing will be appended.</summary>
    public void Close()
    {
        if (_segments[^1].Length > 0)
        {
            Seal();
        }
        Appended?.Invoke();
    }

    /// <summary>A cursor before a record, by its counter; the nearest there is when the log has it not.</summary>
    public LogCursor Seek(long counter)
    {
        if (counter >= End)
        {
            return Latest;
        }
        var cursor = TrimHorizon;
        if (counter > cursor.Next)
        {
            var segment = _segments.FindLast(s => s.Count > 0 && s.FirstCounter <= counter)!;
            cursor = new LogCursor { Segment = segment, Next = segment.FirstCounter };
            for (segment = Enter(ref cursor); cursor.Next < counter; cursor.Next++)
            {
                segment.Read(ref cursor.Offset, cursor.Next);
            }
        }
        return cursor;
    }

    /// <summary>A cursor before the first record that came at a moment or later.</summary>
    public LogCursor Seek(DateTimeOffset moment)
    {
        var found = _segments.FindIndex(_trimmed, s => s.Count > 0 && s.LastArrival >= moment);
        if (found < 0)
        {
            return Latest;
        }
        var cursor = new LogCursor { Segment = _segments[found], Next = _segments[found].FirstCounter };
        var segment = Enter(ref cursor);
        for (var after = cursor; segment.Read(ref after.Offset, after.Next).ArrivedAt < moment; cursor = after)
        {
            after.Next++;
        }
        return cursor;
    }

    /// <summary>What a GetRecords call at a cursor answers: up to which counter, and how many bytes of data.</summary>
    /// <param name="countMax">Most records; the bytes have a limit of their own, which a first record may pass.</param>
    public (long Before, int Bytes) Measure(LogCursor cursor, int countMax, DateTimeOffset now)
    {
        var (bytes, before) = (0, cursor.Next);
        for (var count = 0; count < countMax; count++)
        {
            if (!TryRead(ref cursor, long.MaxValue, now, out var record))
            {
                return (cursor.Next, bytes);
            }
            if (count > 0 && bytes + record.Data.Length > Limits.GetRecordsBytesMax)
            {
                break;
            }
            bytes += record.Data.Length;
            before = cursor.Next;
        }
        return (before, bytes);
    }

    /// <summary>Records still kept, and the bytes of their data and partition keys.</summary>
    public (long Records, long Bytes) Kept => (
        _segments.Skip(_trimmed).Sum(segment => (long)segment.Count),
        _segments.Skip(_trimmed).Sum(segment => segment.Length - ((long)LogSegment.HeaderBytes * segment.Count)));

    /// <summary>Writes what is still in memory to its file, so that the log outlives the process.</summary>
    public IReadOnlyList<SegmentState> Save()
    {
        if (_segments[^1].Length > 0)
        {
            Seal();
        }
        _files.Behind.AwaitAll();
        return [.. from segment in _segments.Skip(_trimmed)
            select new SegmentState(
                segment.Number, segment.FirstCounter, segment.Count, segment.Length, segment.LastArrival)];
    }

    /// <summary>Takes up a saved log.</summary>
    public void Restore(IReadOnlyList<SegmentState> segments)
    {
        _segments.Clear();
        var first = segments[0].Number;
        for (var i = 0; i < first; i++)
        {
            _segments.Add(LogSegment.Stored(i, 0, 0, 0, default));
        }
        _trimmed = first;
        foreach (var s in segments)
        {
            _segments.Add(s.Length == 0
                ? new LogSegment(s.Number, s.FirstCounter)
                : LogSegment.Stored(s.Number, s.FirstCounter, s.Count, s.Length, s.LastArrival));
        }
        if (_segments[^1].Length > 0)
        {
            _segments.Add(new LogSegment(_segments.Count, End));
        }
    }

    /// <summary>A cursor at a saved place.</summary>
    public LogCursor At(CursorState state) =>
        state.Segment < _trimmed
            ? TrimHorizon
            : new LogCursor { Segment = _segments[state.Segment], Offset = state.Offset, Next = state.Next };

    /// <summary>A cursor's place, to be saved.</summary>
    public static CursorState Save(LogCursor cursor) => new(cursor.Segment!.Number, cursor.Offset, cursor.Next);

    /// <summary>The cursor's segment with its bytes; one behind the trim horizon moves up to it.</summary>
    private LogSegment Enter(ref LogCursor cursor)
    {
        var segment = cursor.Segment!;
        if (segment.Number < _trimmed && !segment.IsInMemory)
        {
            cursor = TrimHorizon;
            segment = cursor.Segment!;
        }
        if (!segment.IsInMemory)
        {
            segment = _cache.TryFind(this, segment.Number, out var kept)
                ? kept!
                : segment.WithBytes(_files.Read(FileOf(segment.Number)));
            cursor.Segment = segment;
        }
        return segment;
    }

    private void Seal()
    {
        var full = _segments[^1];
        _files.WriteLater(FileOf(full.Number), full.Bytes);
        _cache.Keep(this, full);
        _segments[^1] = full.WithoutBytes();
        _segments.Add(new LogSegment(full.Number + 1, End) { Capacity = SegmentBytes + SegmentSlackBytes });
    }

    /// <summary>Deletes the segments whose last record retention ended.</summary>
    public void Trim(DateTimeOffset now)
    {
        while (_trimmed < _segments.Count - 1 && now - _segments[_trimmed].LastArrival > _retention)
        {
            _files.Delete(FileOf(_segments[_trimmed].Number));
            _trimmed++;
        }
    }

    private string FileOf(int number) => $"{_folder}/{number:D8}.log";
}

/// <summary>A saved segment.</summary>
public sealed record SegmentState(int Number, long FirstCounter, int Count, int Length, DateTimeOffset LastArrival);

/// <summary>A saved cursor.</summary>
public sealed record CursorState(int Segment, int Offset, long Next);
