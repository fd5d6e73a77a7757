using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// Where a mapping sends what it gives up: an object in a bucket, with the whole invocation event as a string, or a
/// message in a queue, which only says where in the stream the records are.
/// </summary>
/// <remarks>
/// Document and key: "Retain discarded batch records for a Kinesis Data Streams event source in Lambda". Our choice
/// where it is silent: a message that the queue's service fails to take is sent again until it is taken.
/// </remarks>
internal sealed class FailureDestination(
    KinesisMappingModel model, DataStream stream, Shard shard, FunctionHost function, World world, Scheduler scheduler,
    EngineSettings settings, Random random)
{
    public const string RetryAttemptsExhausted = "RetryAttemptsExhausted";
    public const string RecordAgeExceeded = "RecordAgeExceeded";

    /// <summary>Sends the document; without a destination the records are gone, as on AWS.</summary>
    public async ValueTask SendAsync(
        string condition, List<LoggedRecord> records, ReadOnlyMemory<byte> payload, int invocations,
        InvocationResult result)
    {
        switch (model.OnFailure)
        {
            case BucketModel:
                var document = Document(condition, records, payload, invocations, result);
                world.Bucket.Put(Key(), [document], WriteCondition.Always);
                break;
            case QueueModel queue:
                var message = Document(condition, records, payload: null, invocations, result);
                await SendAsync(world.Queue(queue.Url), new SendEntry("0", Encoding.UTF8.GetString(message)));
                break;
            default:
                break;
        }
    }

    private async ValueTask SendAsync(MessageQueue queue, SendEntry message)
    {
        var waits = new RetryWaits(settings);
        while (queue.SendMessageBatch([message])[0] is { Accepted: false, SenderFault: false })
        {
            await Task.Delay(waits.Next(), scheduler.Clock);
        }
    }

    private string Key()
    {
        Span<byte> id = stackalloc byte[16];
        random.NextBytes(id);
        var now = scheduler.Now.UtcDateTime;
        var folder = now.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);
        var time = now.ToString("yyyy-MM-dd'T'HH.mm.ss", CultureInfo.InvariantCulture);
        return $"aws/lambda/{model.Uuid}/{shard.Id}/{folder}/{time}-{new Guid(id)}";
    }

    private byte[] Document(
        string condition, List<LoggedRecord> records, ReadOnlyMemory<byte>? payload, int invocations,
        InvocationResult result)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("requestContext");
            json.WriteString("requestId", result.RequestId ?? "");
            json.WriteString("functionArn", function.Arn);
            json.WriteString("condition", condition);
            json.WriteNumber("approximateInvokeCount", invocations);
            json.WriteEndObject();
            json.WriteStartObject("responseContext");
            json.WriteNumber("statusCode", 200);
            json.WriteString("executedVersion", "$LATEST");
            if (result.ErrorType is not null)
            {
                json.WriteString("functionError", "Unhandled");
            }
            json.WriteEndObject();
            json.WriteString("version", "1.0");
            json.WriteString("timestamp", Iso(scheduler.Now));
            json.WriteStartObject("KinesisBatchInfo");
            json.WriteString("shardId", shard.Id);
            json.WriteString("startSequenceNumber", records[0].Sequence.Digits.Span);
            json.WriteString("endSequenceNumber", records[^1].Sequence.Digits.Span);
            json.WriteString("approximateArrivalOfFirstRecord", Iso(records[0].ArrivedAt));
            json.WriteString("approximateArrivalOfLastRecord", Iso(records[^1].ArrivedAt));
            json.WriteNumber("batchSize", records.Count);
            json.WriteString("streamArn", stream.Arn);
            json.WriteEndObject();
            if (payload is { } @event)
            {
                json.WriteString("payload", Encoding.UTF8.GetString(@event.Span));
            }
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
