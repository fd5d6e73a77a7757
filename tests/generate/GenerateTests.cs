using System.Text.Json;
using CsCheck;
using Pipeline.Cli.Generate;
using Xunit;

namespace Pipeline.Tests.Generate;

public class GenerateTests
{
    private static readonly Gen<GenerateOptions> AnyOptions = Gen.Select(
        Gen.Int[0, 3000],
        Gen.Long[0, long.MaxValue],
        Gen.Double[-3, 9],
        Gen.Double[0, 0.5],
        Gen.Double[0, 0.5],
        Gen.Int[0, 86_400]).Select((events, seed, rate, bad, repeated, disorder) => new GenerateOptions(events)
        {
            Seed = seed,
            Rate = Math.Clamp(Math.Pow(10, rate), GenerateOptions.RateMin, GenerateOptions.RateMax),
            BadRate = bad,
            DuplicateRate = repeated,
            Disorder = TimeSpan.FromSeconds(disorder),
        });

    [Fact]
    public void The_same_options_make_the_same_bytes() => AnyOptions.Sample(
        options => Generated.Bytes(options).AsSpan().SequenceEqual(Generated.Bytes(options)), iter: 30);

    [Fact]
    public void There_are_as_many_lines_as_asked_for_and_none_is_blank() => AnyOptions.Sample(
        options =>
        {
            List<byte[]> lines = Generated.Lines(options);
            return lines.Count == options.Events
                && lines.TrueForAll(line => line.AsSpan().ContainsAnyExcept(" \t\r"u8));
        },
        iter: 50);

    [Fact]
    public void Another_seed_makes_other_events()
    {
        var ids = Generated.Events(new GenerateOptions(500) { Seed = 1 }).Select(e => e.Text("id")).ToHashSet();

        Assert.DoesNotContain(Generated.Events(new GenerateOptions(500) { Seed = 2 }), e => ids.Contains(e.Text("id")));
    }

    [Fact]
    public void No_two_events_share_an_id_and_every_key_is_set()
    {
        List<JsonElement> events = Generated.Events(new GenerateOptions(30_000));

        Assert.Equal(events.Count, events.Select(e => e.Text("id")).Distinct().Count());
        Assert.InRange(events.Select(e => e.Text("subject")).Distinct().Count(), 500, 2000);
    }

    [Fact]
    public void Every_event_is_a_cloud_event_whose_data_obeys_its_schema()
    {
        List<JsonElement> events = Generated.Events(new GenerateOptions(20_000) { Seed = 5 });

        foreach (JsonElement @event in events)
        {
            Assert.Equal("1.0", @event.Text("specversion"));
            Assert.StartsWith("/", @event.Text("source"), StringComparison.Ordinal);
            Assert.Equal("application/json", @event.Text("datacontenttype"));
            Assert.Empty(SchemaCheck.Errors(@event));
        }

        // No story has a failed payment.
        Assert.Empty(SchemaCheck.Schemas.Keys.Except(events.Select(e => e.Text("type"))).Except(["payment.failed"]));
    }

    [Fact]
    public void Errors_carry_their_severity()
    {
        IEnumerable<(int, string)> severities = Generated.Events(new GenerateOptions(20_000))
            .Where(e => e.Text("type") == "app.error")
            .Select(e => (e.GetProperty("severitynumber").GetInt32(), e.Text("severitytext")));

        Assert.Equal([(17, "ERROR"), (21, "FATAL")], severities.Distinct().Order());
    }

    [Fact]
    public void Times_rise_and_ten_thousand_events_take_an_hour()
    {
        List<JsonElement> events = Generated.Events(new GenerateOptions(10_000));

        Assert.True(events.Zip(events.Skip(1)).All(pair => pair.First.Time() <= pair.Second.Time()));
        Assert.Equal(1, (events[^1].Time() - events[0].Time()).TotalHours, 0.001);
        Assert.True(events[0].Time() >= GenerateOptions.StartDefault);
        Assert.Contains(events, e => e.Time().Offset != TimeSpan.Zero);
        Assert.Contains(events, e => e.Text("time").EndsWith('Z'));
    }

    [Fact]
    public void A_line_has_the_size_of_a_typical_event() =>
        Assert.InRange(Generated.Bytes(new GenerateOptions(10_000)).Length / 10_000, 350, 600);

    [Theory]
    [InlineData(20, GenerateOptions.RateDefault)]
    [InlineData(3600, 5)]
    // More lines would have to wait than the generator holds.
    [InlineData(20, 1_000_000)]
    public void A_line_comes_no_later_than_the_disorder_allows(int seconds, double rate)
    {
        List<JsonElement> events = Generated.Events(
            new GenerateOptions(40_000) { Disorder = TimeSpan.FromSeconds(seconds), Rate = rate });

        DateTimeOffset latest = DateTimeOffset.MinValue;
        int late = 0;
        foreach (DateTimeOffset time in events.Select(e => e.Time()))
        {
            late += time < latest ? 1 : 0;
            latest = time > latest ? time : latest;

            // Times are cut to the millisecond.
            Assert.True(latest - time <= TimeSpan.FromSeconds(seconds) + TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(late, events.Count / 4, events.Count);
    }

    [Fact]
    public void Disorder_moves_lines_and_changes_none()
    {
        var ordered = new GenerateOptions(5000);

        Assert.Equal(
            Generated.Lines(ordered).Select(Generated.Utf8).Order(StringComparer.Ordinal),
            Generated.Lines(ordered with { Disorder = TimeSpan.FromMinutes(1) }).Select(Generated.Utf8)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_repeat_is_the_same_bytes_within_ten_minutes_of_the_first()
    {
        var first = new Dictionary<string, (string Line, DateTimeOffset Time)>();
        DateTimeOffset now = DateTimeOffset.MinValue;
        int repeats = 0;
        foreach (byte[] line in Generated.Lines(new GenerateOptions(20_000) { DuplicateRate = 0.05 }))
        {
            JsonElement @event = Generated.Parse(line);
            string text = Generated.Utf8(line);
            if (first.TryAdd(@event.Text("id"), (text, @event.Time())))
            {
                now = @event.Time();
                continue;
            }

            repeats++;
            Assert.Equal(first[@event.Text("id")].Line, text);
            Assert.InRange(now - @event.Time(), TimeSpan.Zero, TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(repeats, 900, 1100);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_number_of_events()
    {
        long more = Allocated(300_000) - Allocated(100_000);

        Assert.InRange(more, long.MinValue, 2_000_000);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_an_argument_error() =>
        Assert.Throws<ArgumentException>(() => EventGenerator.Write(
            new GenerateOptions(1) { BadRate = 0.6, DuplicateRate = 0.6 }, Stream.Null));

    [Fact]
    public void Progress_ends_with_all_events()
    {
        var told = new List<long>();

        EventGenerator.Write(new GenerateOptions(250_000), Stream.Null, told.Add);

        Assert.Equal([100_000, 200_000, 250_000], told);
    }

    private static long Allocated(long events)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        EventGenerator.Write(
            new GenerateOptions(events) { DuplicateRate = 0.01, Disorder = TimeSpan.FromSeconds(20) }, Stream.Null);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
