using System.Globalization;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Feeding;
using Xunit;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Engine;

/// <summary>The feed: lines come into the stream at their times, in order, byte for byte.</summary>
public sealed class FeedTests : IDisposable
{
    private readonly OutputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_put_when_the_clock_reaches_its_time() => Assert.Equal(
        ["a@0", "b@0.25", "c@90", "d@3600"],
        Play(Pace.Event, Line("a", 0), Line("b", 0.25), Line("c", 90), Line("d", 3600)));

    [Fact]
    public void A_line_behind_the_clock_is_put_at_once() => Assert.Equal(
        ["a@0", "b@90", "c@90", "d@95"],
        Play(Pace.Event, Line("a", 0), Line("b", 90), Line("c", 30), Line("d", 95)));

    [Fact]
    public void A_jump_ahead_is_cut_to_an_hour() => Assert.Equal(
        ["a@0", "b@3600", "c@7200", "d@7205"],
        Play(Pace.Event, Line("a", 0), Line("b", 1_000_000), Line("c", 1_000_000), Line("d", 7205)));

    [Theory]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"id":"x","time":"yesterday"}""")]
    [InlineData("""{"id":"x","time":1772366400}""")]
    [InlineData("no event")]
    public void A_line_without_a_readable_time_is_put_at_once(string line) => Assert.Equal(
        ["a@0", "b@60", "?@60", "c@120"],
        Play(Pace.Event, Line("a", 0), Line("b", 60), line, Line("c", 120)));

    [Fact]
    public void At_full_pace_times_are_ignored() => Assert.Equal(
        ["a@0", "b@0", "c@0"], Play(Pace.Full, Line("a", 0), Line("b", 86_400), Line("c", -86_400)));

    [Fact]
    public void The_clock_starts_at_the_first_readable_time_and_no_line_is_lost_to_the_search()
    {
        using var reader = Reader("no event", """{"id":"x"}""", Line("a", 17), Line("b", 3));
        Assert.Equal(Bed.Start.AddSeconds(17), reader.FindStart());
        var lines = 0;
        while (reader.TryRead(out _))
        {
            lines++;
        }
        Assert.Equal(4, lines);
    }

    [Fact]
    public void Without_a_readable_time_the_clock_starts_where_it_always_does()
    {
        using var reader = Reader("no event");
        Assert.Equal(FeedReader.DefaultStart, reader.FindStart());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Order_per_key_is_kept_when_the_stream_throttles(int shards)
    {
        const int keys = 5;
        var filling = new string('x', 3_000);
        var lines = Enumerable.Range(0, 2_000).Select(i =>
            $$"""{"partitionkey":"k{{i % keys}}","id":"{{i}}","filling":"{{filling}}"}""").ToArray();
        using var bed = new Bed(new BedOptions { Shards = shards });
        Play(bed, Pace.Full, lines);

        var seen = Records(bed).ToList();
        Assert.Equal(lines.Length, seen.Count);
        // Six megabytes through a mebibyte a second and shard: it was throttled.
        Assert.True(bed.Now > TimeSpan.FromSeconds(1));
        foreach (var key in seen.GroupBy(record => record.Key))
        {
            var ids = key.Select(record => int.Parse(Id(record.Line), CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(ids.Order(), ids);
        }
    }

    [Fact]
    public void Lines_come_out_byte_for_byte_also_those_that_begin_as_packs_do()
    {
        byte[][] lines =
        [
            [0xf3, 0x89, 0x9a, 0xc2],
            [0xf3, 0x89, 0x9a, 0xc2, .. "and then some text that is no pack"u8],
            [0xff, 0xfe, 0x00, 0x01],
            "{\"id\":\"\r\"}\r"u8.ToArray(),
        ];
        foreach (var line in lines)
        {
            using var bed = new Bed();
            Play(bed, Pace.Full, Encoding.Latin1.GetString(line));
            Assert.Equal(Convert.ToHexString(line), Convert.ToHexString(Assert.Single(Records(bed)).Line));
        }
    }

    [Fact]
    public void An_oversize_line_is_stored_as_an_object_and_an_event_names_it()
    {
        using var bed = new Bed();
        var filling = $"\"filling\":\"{new string('x', 2_000_000)}\",\"data\"";
        var large = Line("large", 0).Replace("\"data\"", filling, StringComparison.Ordinal);
        Play(bed, Pace.Event, Line("a", 0), large, Line("b", 5));

        var key = Oversize.Key(Encoding.UTF8.GetBytes(large));
        Assert.Equal((key, large), bed.Objects("oversize/").Select(o => (o.Key, o.Value)).Single());
        var records = Records(bed).OrderBy(record => record.At).ToList();
        Assert.Equal(3, records.Count);
        var reference = Assert.Single(
            records, record => Encoding.UTF8.GetString(record.Line).Contains(key, StringComparison.Ordinal));
        Event.Read(new Record(reference.Line, default, default, default), new EventErrors(), out var @event);
        Assert.True(Oversize.TryRead(@event, out var named));
        Assert.Equal(key, named);
    }

    private static string Line(string id, double seconds)
    {
        var time = Bed.Start.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return $$"""{"specversion":"1.0","id":"{{id}}","source":"/s","type":"t","data":{},"time":"{{time}}"}""";
    }

    private FeedReader Reader(params string[] lines) => new(LineSource.Open(
        _folder.Write("in.ndjson", Encoding.Latin1.GetBytes(string.Join('\n', lines))), _folder.File("spool")));

    /// <summary>Plays lines and says when each was put: id@seconds, in the order of the stream.</summary>
    private List<string> Play(Pace pace, params string[] lines)
    {
        using var bed = new Bed();
        Play(bed, pace, lines);
        return [.. Records(bed).OrderBy(record => record.At).Select(record => FormattableString.Invariant(
            $"{Id(record.Line)}@{record.At.TotalSeconds}"))];
    }

    private void Play(Bed bed, Pace pace, params string[] lines)
    {
        using var reader = Reader(lines);
        var feed = new Feed(
            reader, pace, bed.Engine.Raw, bed.Engine.Bucket, bed.Engine.Scheduler, new Slots(128), new Random(1));
        bed.Engine.Scheduler.Start(feed.RunAsync);
        bed.Engine.Scheduler.RunUntilIdle();
        Assert.Equal(lines.Length, feed.Lines);
    }

    /// <summary>What lies in the stream, packs opened, shard by shard.</summary>
    private static IEnumerable<(TimeSpan At, string Key, byte[] Line)> Records(Bed bed)
    {
        var packs = new PackReader();
        foreach (var shard in bed.Engine.Raw.Shards)
        {
            var cursor = shard.Log.TrimHorizon;
            while (shard.Log.TryRead(ref cursor, long.MaxValue, bed.Engine.Scheduler.Now, out var record))
            {
                var at = record.ArrivedAt - Bed.Start;
                if (packs.Read(record.Data.Span) != BlobKind.Pack)
                {
                    yield return (at, Encoding.UTF8.GetString(record.PartitionKey.Span), record.Data.ToArray());
                    continue;
                }
                foreach (var slice in packs.Slices.ToArray())
                {
                    yield return (
                        at,
                        Encoding.UTF8.GetString(
                            record.Data.Span.Slice(slice.PartitionKeyStart, slice.PartitionKeyLength)),
                        record.Data.Slice(slice.DataStart, slice.DataLength).ToArray());
                }
            }
        }
    }

    private static string Id(byte[] line)
    {
        var flaw = Event.Read(new Record(line, default, default, default), new EventErrors(), out var @event);
        return flaw is null or RejectReason.InvalidEvent
            && @event.Text(EventAttribute.Id) is { } id and not "x" ? id : "?";
    }
}
