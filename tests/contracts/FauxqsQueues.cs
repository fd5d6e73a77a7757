using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>The queues of fauxqs, or of another, by the AWS JSON protocol 1.0.</summary>
internal sealed class FauxqsQueues(Uri address, IReadOnlyCollection<Deviation>? deviations = null) : IQueueService
{
    private static int s_queues;

    private readonly JsonClient _client = new(address, "AmazonSQS", "application/x-amz-json-1.0");

    public IReadOnlyCollection<Deviation> Deviations => deviations ?? Contracts.Deviations.OfFauxqs;

    public string MissingQueue => new Uri(address, "000000000000/missing").ToString();

    public async Task<string> CreateAsync(QueueSettings settings)
    {
        var attributes = new JsonObject
        {
            ["VisibilityTimeout"] = Text(settings.VisibilitySeconds),
            ["MaximumMessageSize"] = Text(settings.MessageBytesMax),
        };
        if (settings.DeadLetters is { } dead)
        {
            attributes["RedrivePolicy"] = new JsonObject
            {
                ["deadLetterTargetArn"] = await ArnAsync(dead),
                ["maxReceiveCount"] = Text(settings.ReceiveCountMax),
            }.ToJsonString();
        }
        var name = $"queue-{Interlocked.Increment(ref s_queues)}";
        var answer = await _client.CallAsync(
            "CreateQueue", new JsonObject { ["QueueName"] = name, ["Attributes"] = attributes });
        return (string)answer["QueueUrl"]!;
    }

    public async Task<IReadOnlyList<SendResult>> SendAsync(string queue, IReadOnlyList<SendEntry> entries)
    {
        var answer = await _client.CallAsync("SendMessageBatch", new JsonObject
        {
            ["QueueUrl"] = queue,
            ["Entries"] = new JsonArray([.. entries.Select(ToJson)]),
        });
        var successful = from sent in Items(answer, "Successful")
                         select new SendResult((string)sent["Id"]!, (string)sent["MessageId"]!, null, null, false);
        var failed = from refused in Items(answer, "Failed")
                     select new SendResult(
                         (string)refused["Id"]!, null, (string)refused["Code"]!, (string?)refused["Message"],
                         (bool)refused["SenderFault"]!);
        return [.. successful, .. failed];
    }

    public async Task<IReadOnlyList<DeliveredMessage>> ReceiveAsync(
        string queue, int count = 10, int? visibilitySeconds = null, int waitSeconds = 0)
    {
        var request = new JsonObject
        {
            ["QueueUrl"] = queue,
            ["MaxNumberOfMessages"] = count,
            ["WaitTimeSeconds"] = waitSeconds,
            ["MessageSystemAttributeNames"] = new JsonArray("ApproximateReceiveCount"),
        };
        if (visibilitySeconds is { } seconds)
        {
            request["VisibilityTimeout"] = seconds;
        }
        return
        [
            .. from message in Items(await _client.CallAsync("ReceiveMessage", request), "Messages")
               select new DeliveredMessage(
                   (string)message["MessageId"]!, (string)message["Body"]!, (string)message["ReceiptHandle"]!,
                   int.Parse(
                       (string)message["Attributes"]!["ApproximateReceiveCount"]!, CultureInfo.InvariantCulture)),
        ];
    }

    public Task DeleteAsync(string queue, params IReadOnlyList<string> receiptHandles) =>
        _client.CallAsync("DeleteMessageBatch", new JsonObject
        {
            ["QueueUrl"] = queue,
            ["Entries"] = new JsonArray([.. receiptHandles.Select((handle, index) =>
                new JsonObject { ["Id"] = Text(index), ["ReceiptHandle"] = handle })]),
        });

    public Task ChangeVisibilityAsync(string queue, string receiptHandle, int seconds) =>
        _client.CallAsync("ChangeMessageVisibility", new JsonObject
        {
            ["QueueUrl"] = queue,
            ["ReceiptHandle"] = receiptHandle,
            ["VisibilityTimeout"] = seconds,
        });

    private async Task<string> ArnAsync(string queue)
    {
        var answer = await _client.CallAsync("GetQueueAttributes", new JsonObject
        {
            ["QueueUrl"] = queue,
            ["AttributeNames"] = new JsonArray("QueueArn"),
        });
        return (string)answer["Attributes"]!["QueueArn"]!;
    }

    private static JsonObject ToJson(SendEntry entry)
    {
        var json = new JsonObject { ["Id"] = entry.Id, ["MessageBody"] = entry.Body };
        if (entry.Delay != TimeSpan.Zero)
        {
            json["DelaySeconds"] = (int)entry.Delay.TotalSeconds;
        }
        return json;
    }

    private static IEnumerable<JsonObject> Items(JsonObject answer, string member) =>
        answer[member]?.AsArray().Select(item => item!.AsObject()) ?? [];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
