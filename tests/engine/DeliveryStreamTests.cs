using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>The delivery stream: from LATEST on, packs opened, buffers by partition, an error prefix.</summary>
public sealed class DeliveryStreamTests
{
    private const string Day = "2026-03-01";

    [Fact]
    [Trait("Rule", "firehose.latest")]
    public void What_was_in_the_stream_before_it_became_active_is_never_delivered()
    {
        var settings = new EngineSettings
        {
            CreationTimes = new Dictionary<string, TimeSpan>
            {
                ["AWS::KinesisFirehose::DeliveryStream"] = TimeSpan.FromSeconds(60),
            },
        };
        using var bed = new Bed(new BedOptions { Archive = true, Settings = settings });
        bed.At(59, () => bed.Put(Event("before")));
        bed.At(61, () => bed.Put(Event("after")));
        bed.Run();
        Assert.Equal(["after"], Ids(bed.Objects("archive/")));
    }

    [Fact]
    [Trait("Rule", "firehose.buffer-interval")]
    public void A_buffer_is_written_when_its_interval_is_over()
    {
        using var bed = Archive();
        bed.At(0, () => bed.Put(Event("a")));
        bed.At(30, () => bed.Put(Event("b")));
        bed.At(70, () => bed.Put(Event("c")));
        bed.Run();
        // Opened at 1 s, by the first poll, and closed at 61 s; the third came too late for it.
        Assert.Equal(2, bed.Objects("archive/").Count);
        Assert.Equal(["a", "b", "c"], Ids(bed.Objects("archive/")));
        Assert.Equal(["a", "b"], Ids(bed.Objects("archive/").Take(1)));
    }

    [Fact]
    [Trait("Rule", "firehose.buffer-size")]
    public void A_buffer_is_written_when_it_is_full()
    {
        using var bed = Archive();
        var filling = new string('x', 900 * 1024);
        var written = new List<(double At, long Bytes)>();
        bed.Engine.Bucket.Written += (_, parts) =>
            written.Add((bed.Now.TotalSeconds, parts.Sum(part => (long)part.Length)));
        for (var i = 0; i < 50; i++)
        {
            // Two shards of a mebibyte a second each: 64 MiB come together within the interval.
            bed.At(i, () => Assert.True(bed.Put(Event("a", filling: filling), "k", "0").Accepted));
            bed.At(i, () => Assert.True(bed.Put(Event("b", filling: filling), "k", LastHashKey).Accepted));
        }
        bed.Run();
        Assert.Equal(2, written.Count);
        Assert.InRange(written[0].Bytes, 64 * 1024 * 1024, (64 * 1024 * 1024) + (1024 * 1024));
        Assert.True(written[0].At < 60);
        Assert.Equal(100, Ids(bed.Objects("archive/")).Count);
    }

    [Fact]
    [Trait("Rule", "firehose.deaggregation")]
    public void Packs_are_opened_and_every_event_ends_with_a_line_feed()
    {
        using var bed = Archive();
        var writer = new PackWriter(new Slots(128));
        writer.Begin(0);
        foreach (var id in new[] { "a", "b", "c" })
        {
            Assert.True(writer.TryAdd("key"u8.ToArray(), Encoding.UTF8.GetBytes(Event(id))));
        }
        bed.Engine.Raw.PutRecords([writer.Finish()]);
        bed.At(1, () => bed.Put(Event("d")));
        bed.Run();
        Assert.Equal(
            string.Concat(new[] { "a", "b", "c", "d" }.Select(id => Event(id) + "\n")),
            Assert.Single(bed.Objects("archive/")).Value);
    }

    [Fact]
    [Trait("Rule", "firehose.partitions")]
    public void Events_go_to_the_partition_of_their_date()
    {
        using var bed = Archive();
        foreach (var (id, date) in new[] { ("a", Day), ("b", "2026-02"), ("c", "other"), ("d", Day) })
        {
            bed.Put(Event(id, date));
        }
        bed.Run();
        Assert.Equal(
            ["archive/date=2026-02/ b", "archive/date=2026-03-01/ a d", "archive/date=other/ c"],
            bed.Objects("archive/").Select(o =>
                $"{o.Key[..(o.Key.LastIndexOf('/') + 1)]} {string.Join(' ', Ids([o]))}"));
    }

    [Fact]
    [Trait("Rule", "firehose.object-names")]
    public void An_object_is_named_by_stream_version_time_and_a_unique_id()
    {
        using var bed = Archive();
        bed.Put(Event("a"));
        bed.Run();
        Assert.Matches(
            @"\Aarchive/date=2026-03-01/" + bed.Engine.Deliveries[0].Model.Name
            + @"-1-2026-03-01-12-00-0\d-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z",
            Assert.Single(bed.Objects("archive/")).Key);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"eventdate\":")]
    [InlineData("[]")]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("{\"eventdate\":null}")]
    [InlineData("{\"eventdate\":\"\"}")]
    [InlineData("")]
    [Trait("Rule", "firehose.errors")]
    public void What_has_no_date_goes_to_the_error_prefix_byte_for_byte(string data)
    {
        using var bed = Archive();
        bed.Put(data);
        bed.Put(Event("good"));
        bed.Run();
        Assert.Equal(["good"], Ids(bed.Objects("archive/")));
        var (key, text) = Assert.Single(bed.Objects("archive-errors/"));
        Assert.StartsWith("archive-errors/metadata-extraction-failed/2026/03/01/12/", key, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var line = JsonDocument.Parse(text).RootElement;
        Assert.Equal(data, Encoding.UTF8.GetString(line.GetProperty("rawData").GetBytesFromBase64()));
        Assert.Equal(Bed.Start.ToUnixTimeMilliseconds(), line.GetProperty("arrivalTimestamp").GetInt64());
        Assert.Equal("DynamicPartitioning.MetadataExtractionFailed", line.GetProperty("errorCode").GetString());
    }

    [Fact]
    [Trait("Rule", "firehose.errors")]
    public void A_prefix_that_grows_too_long_goes_to_the_error_prefix()
    {
        using var bed = Archive();
        bed.Put(Event("a", new string('d', 2000)));
        bed.Put(Event("b"));
        bed.Run();
        Assert.Equal(["b"], Ids(bed.Objects("archive/")));
        Assert.Single(bed.Objects("archive-errors/"));
    }

    [Fact]
    [Trait("Rule", "firehose.partitions-most")]
    public void Beyond_500_active_partitions_records_go_to_the_error_prefix()
    {
        using var bed = Archive();
        for (var i = 0; i < 503; i++)
        {
            bed.Put(Event($"{i}", $"day{i}"));
        }
        bed.Put(Event("again", "day0"));
        // Once the buffers are written, there is room again.
        bed.At(70, () => bed.Put(Event("later", "day502")));
        bed.Run();
        Assert.Equal(502, Ids(bed.Objects("archive/")).Count);
        Assert.Contains("later", Ids(bed.Objects("archive/date=day502/")));
        Assert.Equal(3, bed.Objects("archive-errors/activePartitionExceeded/").Count);
    }

    [Fact]
    [Trait("Rule", "firehose.partitions")]
    public void A_partition_cannot_leave_its_prefix()
    {
        using var bed = Archive();
        bed.Put(Event("a", "../../outside"));
        bed.Run();
        Assert.StartsWith(
            "archive/date=../%2E%2E/outside/", Assert.Single(bed.Objects("archive/")).Key, StringComparison.Ordinal);
    }

    private static readonly string LastHashKey = UInt128.MaxValue.ToString(CultureInfo.InvariantCulture);

    private static Bed Archive()
    {
        var bed = new Bed(new BedOptions { Archive = true, Shards = 2 });
        bed.Begin();
        return bed;
    }

    private static string Event(string id, string date = Day, string filling = "") =>
        $$"""{"id":"{{id}}","eventdate":"{{date}}","filling":"{{filling}}"}""";

    /// <summary>The ids of the events in objects, in order of keys and lines.</summary>
    private static List<string> Ids(IEnumerable<KeyValuePair<string, string>> objects) =>
    [
        .. objects.SelectMany(o => o.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!),
    ];
}
