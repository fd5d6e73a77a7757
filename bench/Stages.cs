using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Amazon.Lambda.Core;
using Pipeline.Cli.Generate;
using Pipeline.Core;
using Pipeline.Functions;

namespace Pipeline.Bench;

/// <summary>
/// What a function costs an event: payload in, outputs encoded, nothing of a stream or a queue. Each is fed what the
/// one before it put out.
/// </summary>
internal sealed class Stages(TimeProvider time)
{
    private const int EventCount = 20_000;
    private const int RecordsPerBatch = 500;
    private const int Rounds = 12;

    private static readonly Dictionary<string, string> s_environment = new()
    {
        ["LAMBDA_TASK_ROOT"] = AppContext.BaseDirectory,
        ["FUNCTION_TIMEOUT_SECONDS"] = "60",
        ["OUTPUT_STREAM"] = "output",
        ["BUCKET"] = "bucket",
        ["SLOTS"] = "128",
        ["GEO_DATABASE"] = "geo/iptoasn-country.mmdb",
        ["QUEUE_HIGH"] = "high",
        ["QUEUE_NORMAL"] = "normal",
        ["QUEUE_LOW"] = "low",
    };

    /// <summary>Prints microseconds per event, the best round of each stage.</summary>
    public async Task PrintAsync()
    {
        using var lines = new MemoryStream();
        EventGenerator.Write(
            new GenerateOptions(EventCount) { Seed = 1, Rate = 200, BadRate = 0.02, DuplicateRate = 0.01 }, lines);
        var records = Encoding.Latin1.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => new PutEntry(Encoding.Latin1.GetBytes(line), "key", null)).ToList();
        Console.WriteLine("a function, payload in, outputs encoded; microseconds per event, best of rounds");
        foreach (var name in (string[])["Validate", "Enrich", "FilterCritical", "Route"])
        {
            records = await MeasureAsync(name, records);
        }
    }

    private async Task<List<PutEntry>> MeasureAsync(string name, List<PutEntry> records)
    {
        var world = new World();
        var function = Catalogue.Find(name)(s_environment, world.ToPorts(), time);
        var payloads = Payloads(records);
        var best = TimeSpan.MaxValue;
        List<PutEntry> outputs = [];
        for (var round = 0; round < Rounds; round++)
        {
            world.Accepted.Clear();
            var start = time.GetTimestamp();
            foreach (var payload in payloads)
            {
                var context = new Context(time.GetUtcNow() + TimeSpan.FromSeconds(60), time);
                using var request = new MemoryStream(payload, writable: false);
                await function.Handler(request, context);
            }
            var took = time.GetElapsedTime(start);
            best = took < best ? took : best;
            outputs = [.. world.Accepted];
        }
        var events = world.Records / Rounds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name,-16} {best.TotalMicroseconds / events,8:N2} µs  ({events:N0} events)"));
        return outputs;
    }

    private static List<byte[]> Payloads(List<PutEntry> records)
    {
        var writer = new RecordBatchWriter();
        var payloads = new List<byte[]>();
        var number = 0;
        foreach (var batch in records.Chunk(RecordsPerBatch))
        {
            Begin(writer);
            foreach (var record in batch)
            {
                var sequence = SequenceNumber.Parse($"4959{number++:D52}");
                var key = Encoding.UTF8.GetBytes(record.PartitionKey);
                if (!writer.TryAdd(sequence, key, record.Data.Span, DateTimeOffset.UnixEpoch.AddYears(56)))
                {
                    payloads.Add(writer.Finish().ToArray());
                    Begin(writer);
                    writer.TryAdd(sequence, key, record.Data.Span, DateTimeOffset.UnixEpoch.AddYears(56));
                }
            }
            payloads.Add(writer.Finish().ToArray());
        }
        return payloads;
    }

    private static void Begin(RecordBatchWriter writer) => writer.Begin(
        "shardId-000000000000", "arn:aws:kinesis:us-east-1:123456789012:stream/raw", "us-east-1",
        "arn:aws:iam::123456789012:role/bench");

    /// <summary>A world that takes everything at once.</summary>
    private sealed class World : IStreamPort, IQueuePort, IBucketPort, IOutputPort
    {
        public List<PutEntry> Accepted { get; } = [];

        /// <summary>Events that the functions said they were done with.</summary>
        public long Records { get; private set; }

        public Ports ToPorts() => new(this, this, this, this, new Random(1));

        public ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
            string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
        {
            // The sender uses its buffers again.
            Accepted.AddRange(entries.Select(entry => entry with { Data = entry.Data.ToArray() }));
            return ValueTask.FromResult<IReadOnlyList<PutResult>>(
                [.. entries.Select(_ => new PutResult("shardId-000000000000", "1", null, null))]);
        }

        public ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
            string queue, IReadOnlyList<SendEntry> entries, CancellationToken cancellation) =>
            ValueTask.FromResult<IReadOnlyList<SendResult>>(
                [.. entries.Select(entry => new SendResult(entry.Id, "m", null, null, false))]);

        public ValueTask<WriteResult> PutAsync(
            string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
            ValueTask.FromResult(new WriteResult(WriteStatus.Written, "\"1\""));

        public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
            ValueTask.FromResult<StoredObject?>(null);

        public void WriteLine(ReadOnlySpan<byte> line)
        {
            var name = "\"Records\":"u8;
            var at = line.LastIndexOf(name);
            if (at >= 0 && Utf8Parser.TryParse(line[(at + name.Length)..], out long records, out _))
            {
                Records += records;
            }
        }
    }

    private sealed class Context(DateTimeOffset deadline, TimeProvider time) : ILambdaContext
    {
        public string AwsRequestId => "bench";

        public IClientContext ClientContext => null!;

        public string FunctionName => "bench";

        public string FunctionVersion => "$LATEST";

        public ICognitoIdentity Identity => null!;

        public string InvokedFunctionArn => "arn:aws:lambda:us-east-1:123456789012:function:bench";

        public ILambdaLogger Logger => null!;

        public string LogGroupName => "";

        public string LogStreamName => "";

        public int MemoryLimitInMB => 512;

        public TimeSpan RemainingTime => deadline - time.GetUtcNow();
    }
}
