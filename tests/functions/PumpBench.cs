using System.Globalization;
using System.Text;
using Amazon.Lambda.KinesisEvents;
using Pipeline.Core;
using Pipeline.Engine.Time;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>A record to deliver.</summary>
internal readonly record struct Delivered(int Sequence, string Key, byte[] Blob);

/// <summary>A stream pump in a small world of its own, on virtual time, with every effect listed in order.</summary>
internal sealed class PumpBench
{
    public const string Shard = "shardId-000000000003";

    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 30, 0, 250, TimeSpan.Zero);

    private StreamPump? _pump;

    public PumpBench()
    {
        Scheduler = new Scheduler(Start);
        Stream = new FakeStream(Scheduler, Effects);
        Queue = new FakeQueue(Scheduler, Effects);
        Bucket = new FakeBucket(Scheduler, Effects);
        Output = new FakeOutput(Effects);
    }

    public PumpOptions Options { get; init; } =
        new("Test", TimeSpan.FromSeconds(60)) { ReadsRaw = true };

    /// <summary>The slots of the output stream.</summary>
    public Slots Slots { get; init; } = new(128);

    /// <summary>The queues by priority, when commands go there; null when events go to a stream.</summary>
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>What becomes of an event; emitted unless said.</summary>
    public Func<Event, Outcome> Decide { get; init; } = @event => Outcome.Emit(@event);

    public int Seed { get; init; }

    public List<string> Effects { get; } = [];

    public Scheduler Scheduler { get; }

    public FakeStream Stream { get; }

    public FakeQueue Queue { get; }

    public FakeBucket Bucket { get; }

    public FakeOutput Output { get; }

    public Ports Ports => new(Stream, Queue, Bucket, Output, new Random(Seed));

    /// <summary>All bad rows stored, in the order of their objects' keys.</summary>
    public IReadOnlyList<BadRowText> BadRows => [.. Bucket.Objects.Values.SelectMany(body => BadRowText.Rows(body))];

    /// <summary>The ids sent, in order.</summary>
    public IEnumerable<string> SentIds => Stream.Events.Select(sent => EventJson.IdOf(sent.Data));

    /// <summary>Delivers a batch; answers the sequence number reported, or null when all is done.</summary>
    public string? Deliver(params ReadOnlySpan<Delivered> records)
    {
        using var batch = new RecordBatch();
        batch.Read(Payload(records));
        _pump ??= new StreamPump(Options, new EventFilter(new Deciding(Decide)), Outputs, Ports, Scheduler.Clock);
        var context = new FakeContext(Scheduler, Options.Timeout);
        StreamsEventResponse? report = null;
        Scheduler.Start(async () => report = await _pump.HandleAsync(batch, context));
        Scheduler.RunUntilIdle();
        Assert.NotNull(report);
        var reported = report.BatchItemFailures.Count == 0 ? null
            : Assert.Single(report.BatchItemFailures).ItemIdentifier;
        Effects.Add("report " + (reported ?? "done"));
        return reported;
    }

    /// <summary>An event in a record of its own; the id is the sequence number.</summary>
    public static Delivered Plain(int sequence, string? key = null, int padding = 0)
    {
        var id = sequence.ToString(CultureInfo.InvariantCulture);
        return new Delivered(sequence, key ?? "key-" + id, EventJson.Bytes(id, padding));
    }

    /// <summary>A record with these bytes.</summary>
    public static Delivered Raw(int sequence, string text) => new(sequence, "key", Encoding.UTF8.GetBytes(text));

    /// <summary>A pack of events by their ids, each with a key of its own.</summary>
    public static Delivered Pack(int sequence, params string[] ids) =>
        new(sequence, "pack", TestPacks.Of([.. ids.Select(id => ("key-" + id, EventJson.Bytes(id)))]));

    /// <summary>When the stream took a record.</summary>
    public static DateTimeOffset ArrivalOf(int sequence) => Start.AddSeconds(sequence - 1000);

    /// <summary>The payload of an invocation with these records.</summary>
    public static byte[] Payload(params ReadOnlySpan<Delivered> records)
    {
        var writer = new RecordBatchWriter(64 * Limits.PayloadBytesMax);
        writer.Begin(Shard, "arn:aws:kinesis:us-east-1:123456789012:stream/input", "us-east-1",
            "arn:aws:iam::123456789012:role/r");
        foreach (var record in records)
        {
            writer.TryAdd(
                SequenceNumber.Parse(record.Sequence.ToString(CultureInfo.InvariantCulture)),
                Encoding.UTF8.GetBytes(record.Key),
                record.Blob,
                ArrivalOf(record.Sequence));
        }
        return writer.Finish().ToArray();
    }

    private IOutputs Outputs => Queues is null
        ? new StreamOutputs("output", Slots, Ports, Scheduler.Clock)
        : new QueueOutputs(Queues, Ports, Scheduler.Clock);

    private sealed class Deciding(Func<Event, Outcome> decide) : IFilter
    {
        public Outcome Apply(in Event @event) => decide(@event);
    }
}
