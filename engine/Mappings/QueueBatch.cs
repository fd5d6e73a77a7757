using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Template;

namespace Pipeline.Engine.Mappings;

/// <summary>Messages for one invocation, and its payload, up to Lambda's limit.</summary>
/// <remarks>Source of the form: "Using Lambda with Amazon SQS", example of a standard queue message event.</remarks>
internal sealed class QueueBatch(string queueArn, int size)
{
    /// <summary>More than a record needs beside its body and ARNs.</summary>
    private const int EnvelopeBytesMax = 512;

    /// <summary>Who sent a message, in the form that SQS has for a role.</summary>
    private const string SenderId = "AROA123456789EXAMPLE:engine";

    private static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly List<ReceivedMessage> _messages = [];
    private readonly List<JsonEncodedText> _bodies = [];
    private long _payloadBytes = EnvelopeBytesMax;
    private bool _overflowed;

    public IReadOnlyList<ReceivedMessage> Messages => _messages;

    /// <summary>How many messages it still takes; none after one did not fit into the payload.</summary>
    public int Room => _overflowed ? 0 : size - _messages.Count;

    /// <summary>
    /// Keeps a place in the payload for a message to come; false when it does not fit. A first one always does.
    /// </summary>
    public bool TryReserve(QueueMessage message)
    {
        var body = JsonEncodedText.Encode(message.Body.Span, s_encoder);
        var bytes = EnvelopeBytesMax + body.EncodedUtf8Bytes.Length + queueArn.Length
            + (message.DeadLetterSource?.Length ?? 0);
        _overflowed |= _bodies.Count > 0 && _payloadBytes + bytes > Limits.PayloadBytesMax;
        if (_overflowed)
        {
            return false;
        }
        _bodies.Add(body);
        _payloadBytes += bytes;
        return true;
    }

    /// <summary>Adds the messages for which places are kept, in their order.</summary>
    public void Add(IReadOnlyList<ReceivedMessage> received) => _messages.AddRange(received);

    /// <summary>Writes the invocation's payload.</summary>
    public ReadOnlyMemory<byte> ToPayload()
    {
        var bytes = new ArrayBufferWriter<byte>((int)_payloadBytes);
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = s_encoder });
        json.WriteStartObject();
        json.WriteStartArray("Records");
        for (var i = 0; i < _messages.Count; i++)
        {
            Write(json, _messages[i], _bodies[i]);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private void Write(Utf8JsonWriter json, in ReceivedMessage received, JsonEncodedText body)
    {
        var message = received.Message;
        json.WriteStartObject();
        json.WriteString("messageId", message.Id);
        json.WriteString("receiptHandle", received.ReceiptHandle);
        json.WriteString("body", body);
        json.WriteStartObject("attributes");
        json.WriteString("ApproximateReceiveCount", Text(received.ReceiveCount));
        json.WriteString("SentTimestamp", Text(message.SentAt.ToUnixTimeMilliseconds()));
        json.WriteString("SenderId", SenderId);
        json.WriteString("ApproximateFirstReceiveTimestamp", Text(message.FirstReceivedAt.ToUnixTimeMilliseconds()));
        if (message.DeadLetterSource is { } source)
        {
            json.WriteString("DeadLetterQueueSourceArn", source);
        }
        json.WriteEndObject();
        json.WriteStartObject("messageAttributes");
        json.WriteEndObject();
#pragma warning disable CA5351 // SQS defines the digest; nothing is secured by it.
        json.WriteString("md5OfBody", Convert.ToHexStringLower(MD5.HashData(message.Body.Span)));
#pragma warning restore CA5351
        json.WriteString("eventSource", "aws:sqs");
        json.WriteString("eventSourceARN", queueArn);
        json.WriteString("awsRegion", Account.Region);
        json.WriteEndObject();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
