using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Queues on AWS: one call is one SendMessageBatch, and it is made once.</summary>
/// <remarks>
/// What an entry's own error is: the codes in which SQS complains of the message. Its <c>SenderFault</c> says more than
/// that, for it also covers keys and rights, and a message is not wrong because a key is disabled.
/// Source: SendMessageBatch and BatchResultErrorEntry, SQS API model 2012-11-05.
/// </remarks>
public sealed class SqsQueues : IQueuePort
{
    private const string InvalidContents = "InvalidMessageContents";
    private const string InvalidValue = "InvalidParameterValue";

    /// <summary>Codes of the query protocol, which some answers still carry.</summary>
    private const string OldPrefix = "AWS.SimpleQueueService.";

    private readonly IAmazonSQS _client;

    /// <param name="client">Configured as <see cref="Configure"/> does.</param>
    /// <exception cref="ArgumentException">The client sends requests again itself.</exception>
    public SqsQueues(IAmazonSQS client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client.Config.MaxErrorRetry == 0
            ? client
            : throw new ArgumentException(
                $"The client's MaxErrorRetry is {client.Config.MaxErrorRetry}; allowed is 0, since the pump's sender "
                + "decides what is sent again, and when.", nameof(client));
    }

    /// <summary>
    /// Leaves resending to the pump's sender; only a connection that died while it was idle is replaced by the client.
    /// </summary>
    public static AmazonSQSConfig Configure(AmazonSQSConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.MaxErrorRetry = 0;
        config.ThrottleRetries = false;
        config.Timeout = OneRequest.TimeLimit;
        return config;
    }

    public async ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
        string queue, IReadOnlyList<SendEntry> entries, CancellationToken cancellation)
    {
        var results = new List<SendResult>(entries.Count);
        var request = new SendMessageBatchRequest(queue, new List<SendMessageBatchRequestEntry>(entries.Count));
        foreach (var entry in entries)
        {
            if (RefusalOf(entry) is { } refusal)
            {
                results.Add(refusal);
            }
            else
            {
                request.Entries.Add(ToRequest(entry));
            }
        }
        if (request.Entries.Count > 0 || entries.Count == 0)
        {
            AddResults(results, request, await SendAsync(request, cancellation));
        }
        return results;
    }

    private async Task<SendMessageBatchResponse> SendAsync(
        SendMessageBatchRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _client.SendMessageBatchAsync(request, cancellation);
        }
        catch (Exception broken) when (ServiceFault.IsFault(broken, cancellation))
        {
            throw ServiceFault.Of(
                $"SendMessageBatch to {request.QueueUrl}", broken,
                code: NameOf((broken as AmazonServiceException)?.ErrorCode));
        }
    }

    private static void AddResults(
        List<SendResult> results, SendMessageBatchRequest request, SendMessageBatchResponse response)
    {
        foreach (var sent in response.Successful ?? [])
        {
            results.Add(new SendResult(sent.Id, sent.MessageId, null, null, SenderFault: false));
        }
        foreach (var failed in response.Failed ?? [])
        {
            results.Add(new SendResult(
                failed.Id, null, failed.Code, failed.Message, failed.SenderFault == true && IsOfMessage(failed.Code)));
        }
        foreach (var entry in request.Entries)
        {
            if (!results.Exists(result => result.Id == entry.Id))
            {
                results.Add(new SendResult(
                    entry.Id, null, "InternalError", "The answer does not name this entry.", SenderFault: false));
            }
        }
    }

    private static bool IsOfMessage(string? code) =>
        NameOf(code) is InvalidContents or InvalidValue or "InvalidAttributeValue" or "MissingParameter";

    private static string? NameOf(string? code) =>
        code?.StartsWith(OldPrefix, StringComparison.Ordinal) == true ? code[OldPrefix.Length..] : code;

    private static SendMessageBatchRequestEntry ToRequest(in SendEntry entry) => new(entry.Id, entry.Body)
    {
        // Without one the message takes the queue's; with 0 it would not.
        DelaySeconds = entry.Delay == TimeSpan.Zero ? null : (int)entry.Delay.TotalSeconds,
    };

    /// <summary>
    /// Refuses what a request cannot carry as it is: half a surrogate pair would silently become another character,
    /// half a second would be cut off.
    /// </summary>
    private static SendResult? RefusalOf(in SendEntry entry)
    {
        if (IndexOfLoneSurrogate(entry.Body) is var index and >= 0)
        {
            return Refuse(entry.Id, InvalidContents, string.Create(
                CultureInfo.InvariantCulture,
                $"The body has half a surrogate pair, U+{(int)entry.Body[index]:X4}, at {index}; allowed are whole "
                + $"Unicode characters."));
        }
        if (entry.Delay.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            return Refuse(entry.Id, InvalidValue, $"The delay is {entry.Delay}; allowed are whole seconds from 0 to "
                + $"{Limits.MessageDelaySecondsMax}.");
        }
        return null;
    }

    private static SendResult Refuse(string id, string code, string why) =>
        new(id, null, code, why, SenderFault: true);

    private static int IndexOfLoneSurrogate(string body)
    {
        var index = 0;
        while (index < body.Length)
        {
            if (!Rune.TryGetRuneAt(body, index, out var rune))
            {
                return index;
            }
            index += rune.Utf16SequenceLength;
        }
        return -1;
    }
}
