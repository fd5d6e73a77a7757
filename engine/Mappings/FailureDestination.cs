using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// Where a mapping sends what it gives up: an object in the bucket, with the whole invocation event as a string.
/// </summary>
/// <remarks>
/// Document and key: "Retain discarded batch records for a Kinesis Data Streams event source in Lambda".
/// </remarks>
internal sealed class FailureDestination(
    KinesisMappingModel model, DataStream stream, Shard shard, FunctionHost function, World world, Scheduler scheduler,
    Random random)
{
    public const string RetryAttemptsExhausted = "RetryAttemptsExhausted";
    public const string RecordAgeExceeded = "RecordAgeExceeded";

    /// <summary>Writes the object; without a destination the records are gone, as on AWS.</summary>
    public ValueTask SendAsync(
        string condition, List<LoggedRecord> records, ReadOnlyMemory<byte> payload, int invocations,
        InvocationResult result)
    {
        if (model.OnFailure is not null)
        {
            var document = Document(condition, records, payload, invocations, result);
            world.Bucket.Put(Key(), [document], WriteCondition.Always);
        }
        return ValueTask.CompletedTask;
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
        string condition, List<LoggedRecord> records, ReadOnlyMemory<byte> payload, int invocations,
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
            json.WriteString("payload", Encoding.UTF8.GetString(payload.Span));
            json.WriteEndObject();
        }
        return body.ToArray();
    }

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
