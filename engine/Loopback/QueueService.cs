using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>SQS, as far as the pipeline's functions call it.</summary>
/// <remarks>
/// Queues are found by their URLs, whatever host the request came to. Message attributes and groups are not kept, so a
/// message that has them is refused. Source: SQS API model 2012-11-05.
/// </remarks>
public sealed class QueueService : IService
{
    private const string OldPrefix = "AWS.SimpleQueueService.";

    /// <summary>Codes that the query protocol calls otherwise.</summary>
    private static readonly Dictionary<string, string> s_oldCodes = new(StringComparer.Ordinal)
    {
        ["QueueDoesNotExist"] = OldPrefix + "NonExistentQueue",
        ["EmptyBatchRequest"] = OldPrefix + "EmptyBatchRequest",
        ["TooManyEntriesInBatchRequest"] = OldPrefix + "TooManyEntriesInBatchRequest",
        ["BatchEntryIdsNotDistinct"] = OldPrefix + "BatchEntryIdsNotDistinct",
        ["InvalidBatchEntryId"] = OldPrefix + "InvalidBatchEntryId",
        ["BatchRequestTooLong"] = OldPrefix + "BatchRequestTooLong",
        ["UnsupportedOperation"] = OldPrefix + "UnsupportedOperation",
    };

    private static readonly string[] s_notKept = ["MessageAttributes", "MessageGroupId", "MessageDeduplicationId"];

    private readonly World _world;
    private readonly JsonProtocol _protocol;

    public QueueService(World world)
    {
        _world = world;
        _protocol = new JsonProtocol(
            "AmazonSQS",
            "application/x-amz-json-1.0",
            new SortedDictionary<string, JsonOperation>(StringComparer.Ordinal)
            {
                ["SendMessageBatch"] = SendMessageBatchAsync,
            });
    }

    public bool Takes(ServiceRequest request) => _protocol.Takes(request);

    public Task<ServiceAnswer> AnswerAsync(ServiceRequest request, ICaller caller) =>
        _protocol.AnswerAsync(request, caller);

    public ServiceAnswer Refuse(ServiceRequest request, PortFaultException refusal)
    {
        if (refusal is not ServiceException service)
        {
            return _protocol.Error(500, RefusalCode.Failure, refusal.Message) with
            {
                Headers = [("x-amzn-query-error", "InternalFailure;Receiver")],
            };
        }
        var old = s_oldCodes.GetValueOrDefault(service.Code, service.Code);
        return _protocol.Error(400, "com.amazonaws.sqs#" + service.Code, service.Reason) with
        {
            Headers = [("x-amzn-query-error", old + ";Sender")],
        };
    }

    private async Task<ReadOnlyMemory<byte>> SendMessageBatchAsync(JsonMembers request, ICaller caller)
    {
        var queue = request.Needed("QueueUrl");
        var entries = request.Has("Entries") ? request.Objects("Entries").Select(Read).ToList() : [];
        var results = await caller.CallAsync(new ServiceCall<IReadOnlyList<SendResult>>(
            () => _world.Queue(queue).SendMessageBatch(entries))
        {
            AsksToWait = answers => answers.Any(answer => !answer.Accepted && !answer.SenderFault),
        });
        var bodies = entries.ToDictionary(entry => entry.Id, entry => entry.Body);
        return JsonProtocol.Write(json =>
        {
            json.WriteStartArray("Successful");
            foreach (var result in results.Where(result => result.Accepted))
            {
                json.WriteStartObject();
                json.WriteString("Id", result.Id);
                json.WriteString("MessageId", result.MessageId);
                json.WriteString("MD5OfMessageBody", Digest(bodies[result.Id]));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteFailed(json, results);
        });
    }

    private static void WriteFailed(Utf8JsonWriter json, IReadOnlyList<SendResult> results)
    {
        json.WriteStartArray("Failed");
        foreach (var result in results.Where(result => !result.Accepted))
        {
            json.WriteStartObject();
            json.WriteString("Id", result.Id);
            json.WriteBoolean("SenderFault", result.SenderFault);
            json.WriteString("Code", result.ErrorCode);
            json.WriteString("Message", result.ErrorMessage);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static SendEntry Read(JsonMembers entry)
    {
        foreach (var name in s_notKept.Where(entry.Has))
        {
            throw new ServiceException("UnsupportedOperation", $"{name} is not kept here; send messages without it.");
        }
        return new SendEntry(
            entry.Needed("Id"), entry.Text("MessageBody") ?? "",
            TimeSpan.FromSeconds(entry.Whole("DelaySeconds") ?? 0));
    }

#pragma warning disable CA5351 // SQS defines the digest; nothing is secured by it.
    private static string Digest(string body) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
}
