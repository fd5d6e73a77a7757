using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;

namespace Pipeline.Tests.Replays;

/// <summary>Writes payloads as Lambda sends them, but indented, for people to read.</summary>
internal static class PayloadJson
{
    private static readonly JsonSerializerOptions s_readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The payload of no records, as some other program may send it.</summary>
    public static byte[] Empty { get; } = Readable(new JsonObject { ["Records"] = new JsonArray() });

    /// <summary>Records of a stream's first shard.</summary>
    public static byte[] Of(StreamModel stream, FunctionModel function, IEnumerable<LoggedRecord> records)
    {
        var writer = new RecordBatchWriter();
        writer.Begin(
            Shard.IdOf(0), stream.Arn, Account.Region,
            $"arn:aws:iam::{Account.Id}:role/{Account.StackName}-{function.LogicalId}Role");
        foreach (var record in records)
        {
            writer.TryAdd(record.Sequence, record.PartitionKey.Span, record.Data.Span, record.ArrivedAt);
        }
        return Readable(JsonNode.Parse(writer.Finish().Span)!);
    }

    /// <summary>Messages received from a queue.</summary>
    public static byte[] Of(QueueModel queue, IEnumerable<ReceivedMessage> messages) => Readable(new JsonObject
    {
        ["Records"] = new JsonArray([.. messages.Select(received => Message(queue, received))]),
    });

    private static JsonObject Message(QueueModel queue, ReceivedMessage received)
    {
        var message = received.Message;
        return new JsonObject
        {
            ["messageId"] = message.Id.ToString(),
            ["receiptHandle"] = received.ReceiptHandle,
            ["body"] = Encoding.UTF8.GetString(message.Body.Span),
            ["attributes"] = new JsonObject
            {
                ["ApproximateReceiveCount"] = Text(received.ReceiveCount),
                ["SentTimestamp"] = Text(message.SentAt.ToUnixTimeMilliseconds()),
                ["SenderId"] = $"AROA123456789EXAMPLE:{Account.StackName}-Route",
                ["ApproximateFirstReceiveTimestamp"] = Text(message.FirstReceivedAt.ToUnixTimeMilliseconds()),
            },
            ["messageAttributes"] = new JsonObject(),
            ["md5OfBody"] = Convert.ToHexStringLower(MD5.HashData(message.Body.Span)),
            ["eventSource"] = "aws:sqs",
            ["eventSourceARN"] = queue.Arn,
            ["awsRegion"] = Account.Region,
        };
    }

    private static byte[] Readable(JsonNode payload) =>
        Encoding.UTF8.GetBytes(payload.ToJsonString(s_readable) + "\n");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
