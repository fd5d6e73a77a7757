using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>A shard's log: read in order, spilled to files, trimmed by retention, saved and taken up again.</summary>
public sealed class ShardLogTests : IDisposable
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly OutputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Rule", "streams.order")]
    public void What_was_appended_is_read_back_in_order_also_from_spilled_segments() =>
        Gen.Select(Gen.Int[0, 200_000].List[1, 60], Gen.Int[1, 4]).Sample(
            (sizes, readers) =>
            {
                using var folder = new OutputFolder();
                var log = Log(folder);
                var cursors = Enumerable.Repeat(log.TrimHorizon, readers).ToArray();
                var read = new long[readers];
                for (var i = 0; i < sizes.Count; i++)
                {
                    Append(log, i, sizes[i]);
                    // One reader in each step, so that they are apart: some in memory, some in files.
                    Drain(log, ref cursors[i % readers], sizes, ref read[i % readers]);
                }
                for (var reader = 0; reader < readers; reader++)
                {
                    Drain(log, ref cursors[reader], sizes, ref read[reader]);
                    Assert.Equal(sizes.Count, read[reader]);
                }
            },
            iter: 40);

    [Fact]
    public void Full_segments_are_files()
    {
        var log = Log(_folder);
        Fill(log, segments: 3);
        Assert.Equal(3, _folder.Files("state/engine/raw").Count);
    }

    [Fact]
    [Trait("Rule", "streams.retention")]
    public void A_record_outside_the_retention_is_not_delivered()
    {
        var log = Log(_folder);
        log.Append("k"u8, "old"u8, Bed.Start);
        log.Append("k"u8, "new"u8, Bed.Start.AddHours(1));

        Assert.Equal(["old", "new"], Texts(log, Bed.Start.AddHours(24)));
        Assert.Equal(["new"], Texts(log, Bed.Start.AddHours(24).AddMilliseconds(1)));
        Assert.Empty(Texts(log, Bed.Start.AddHours(26)));
    }

    [Fact]
    [Trait("Rule", "streams.retention")]
    public void Trimming_deletes_the_files_that_retention_ended_and_moves_readers_up()
    {
        var log = Log(_folder);
        var behind = log.TrimHorizon;
        var now = Bed.Start;
        for (var i = 0; i < 5; i++, now += TimeSpan.FromHours(10))
        {
            log.Append("k"u8, new byte[ShardLog.SegmentBytes], now);
        }

        Assert.Equal(["00000002.log", "00000003.log", "00000004.log"], FileNames());
        Assert.True(log.TryRead(ref behind, long.MaxValue, now, out var record));
        Assert.Equal(3, record.Counter);
        Assert.Equal(2, log.TrimHorizon.Next);
    }

    [Fact]
    public void Memory_that_every_reader_has_left_is_given_back()
    {
        var log = Log(_folder);
        var cursor = log.TrimHorizon;
        var first = ReadFirst(log, ref cursor);
        Fill(log, segments: 4);
        while (log.TryRead(ref cursor, long.MaxValue, Bed.Start, out _))
        {
        }
        // What a log or its files may keep for the next reader is bounded: much later segments displace it.
        Fill(log, segments: 40);
        while (log.TryRead(ref cursor, long.MaxValue, Bed.Start, out _))
        {
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(first.IsAlive);
        GC.KeepAlive(log);
    }

    [Fact]
    public void A_saved_log_is_taken_up_where_it_was()
    {
        var log = Log(_folder);
        for (var i = 0; i < 10; i++)
        {
            log.Append("k"u8, Encoding.UTF8.GetBytes($"{i}"), Bed.Start);
        }
        var cursor = log.TrimHorizon;
        for (var i = 0; i < 4; i++)
        {
            Assert.True(log.TryRead(ref cursor, long.MaxValue, Bed.Start, out _));
        }
        var segments = log.Save();
        var place = ShardLog.Save(cursor);

        var again = Log(_folder, log.End);
        again.Restore(segments);
        again.Append("k"u8, "10"u8, Bed.Start);

        Assert.Equal(11, again.End);
        Assert.Equal(["4", "5", "6", "7", "8", "9", "10"], Texts(again, Bed.Start, again.At(place)));
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i}"), Texts(again, Bed.Start));
    }

    [Fact]
    public void A_log_saved_after_trimming_is_taken_up_without_what_was_trimmed()
    {
        var log = Log(_folder);
        var start = ShardLog.Save(log.TrimHorizon);
        for (var i = 0; i < 5; i++)
        {
            log.Append("k"u8, new byte[ShardLog.SegmentBytes], Bed.Start.AddHours(10 * i));
        }
        var again = Log(_folder, log.End);
        again.Restore(log.Save());

        var cursor = again.At(start);
        Assert.True(again.TryRead(ref cursor, long.MaxValue, Bed.Start.AddHours(40), out var record));
        Assert.Equal(2, record.Counter);
        again.Append("k"u8, new byte[ShardLog.SegmentBytes], Bed.Start.AddHours(50));
        Assert.Equal(["00000003.log", "00000004.log", "00000005.log"], FileNames());
    }

    [Fact]
    public void An_empty_log_survives_being_saved()
    {
        var again = Log(_folder);
        again.Restore(Log(_folder).Save());
        Assert.Empty(Texts(again, Bed.Start));
        again.Append("k"u8, "first"u8, Bed.Start);
        Assert.Equal(["first"], Texts(again, Bed.Start));
    }

    [Fact]
    public void A_reader_stops_at_the_counter_it_was_given()
    {
        var log = Log(_folder);
        for (var i = 0; i < 5; i++)
        {
            log.Append("k"u8, [(byte)i], Bed.Start);
        }
        var cursor = log.TrimHorizon;
        var read = 0;
        while (log.TryRead(ref cursor, before: 3, Bed.Start, out _))
        {
            read++;
        }
        Assert.Equal(3, read);
    }

    private static ShardLog Log(OutputFolder folder, long next = 0) =>
        new(folder.EngineFiles, new SegmentCache(), "raw", Retention, new SequenceCounter(Bed.Start, 0, next));

    private static void Append(ShardLog log, int number, int size)
    {
        var data = new byte[size];
        data.AsSpan().Fill((byte)number);
        log.Append(Encoding.UTF8.GetBytes($"key-{number}"), data, Bed.Start.AddMilliseconds(number));
    }

    private static void Drain(ShardLog log, ref LogCursor cursor, List<int> sizes, ref long read)
    {
        while (log.TryRead(ref cursor, long.MaxValue, Bed.Start.AddHours(1), out var record))
        {
            Assert.Equal(read, record.Counter);
            Assert.Equal($"key-{read}", Encoding.UTF8.GetString(record.PartitionKey.Span));
            Assert.Equal(sizes[(int)read], record.Data.Length);
            Assert.False(record.Data.Span.ContainsAnyExcept((byte)read));
            Assert.Equal(Bed.Start.AddMilliseconds(read), record.ArrivedAt);
            Assert.True(SequenceCounter.TryReadCounter(record.Sequence.Digits.Span, out var counter));
            Assert.Equal(read, counter);
            read++;
        }
    }

    private static void Fill(ShardLog log, int segments)
    {
        for (var i = 0; i < segments * 4; i++)
        {
            log.Append("k"u8, new byte[ShardLog.SegmentBytes / 4], Bed.Start);
        }
    }

    private static List<string> Texts(ShardLog log, DateTimeOffset now, LogCursor? from = null)
    {
        var texts = new List<string>();
        var cursor = from ?? log.TrimHorizon;
        while (log.TryRead(ref cursor, long.MaxValue, now, out var record))
        {
            texts.Add(Encoding.UTF8.GetString(record.Data.Span));
        }
        return texts;
    }

    /// <summary>Appends and reads a record; a weak hold on the memory that it lies in.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ReadFirst(ShardLog log, ref LogCursor cursor)
    {
        log.Append("k"u8, "first"u8, Bed.Start);
        Assert.True(log.TryRead(ref cursor, long.MaxValue, Bed.Start, out var record));
        Assert.True(MemoryMarshal.TryGetArray(record.Data, out var bytes));
        return new WeakReference(bytes.Array);
    }

    private IEnumerable<string> FileNames() =>
        _folder.Files("state/engine/raw").Keys.Select(name => Path.GetFileName(name));
}
