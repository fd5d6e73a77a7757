using System.Text.RegularExpressions;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>A standard SQS queue.</summary>
/// <param name="Url">What <c>Ref</c> answers, and what functions send to.</param>
/// <param name="VisibilityTimeout">How long a received message stays hidden: 30 s (the default), 0 to 12 h.</param>
/// <param name="Delay">How long a message without a delay of its own stays hidden at first: 0 to 15 min.</param>
/// <param name="Retention">How long a message is kept after it was sent: 4 days (the default), 60 s to 14 days.</param>
/// <param name="MessageBytesMax">Largest message in bytes: 1 KiB to 1 MiB, the default.</param>
/// <param name="Redrive">What becomes of messages that are received too often; null when they stay.</param>
public sealed record QueueModel(
    string LogicalId,
    string Name,
    string Arn,
    string Url,
    TimeSpan VisibilityTimeout,
    TimeSpan Delay,
    TimeSpan Retention,
    int MessageBytesMax,
    RedriveModel? Redrive) : ResourceModel(LogicalId);

/// <summary>When a message leaves its queue for a dead-letter queue.</summary>
/// <param name="DeadLetterQueue">The logical id of the queue that takes it.</param>
/// <param name="ReceiveCountMax">How often it may be received before: 1 to 1,000.</param>
public sealed record RedriveModel(string DeadLetterQueue, int ReceiveCountMax);

/// <summary>Source: "AWS::SQS::Queue"; SQS API model 2012-11-05.</summary>
internal sealed partial class QueueType : ResourceType
{
    public const string Id = "AWS::SQS::Queue";

    private const int VisibilitySecondsDefault = 30;
    private const int RetentionSecondsDefault = 345_600;
    private const int MessageBytesMaxLeast = 1024;

    public override string Type => Id;

    public override string NameProperty => "QueueName";

    public override string Ref(string logicalId, string name) => Url(name);

    public override string Arn(string name) => Account.Arn("sqs", name);

    public override IReadOnlyDictionary<string, string> Attributes(string logicalId, string name) =>
        new Dictionary<string, string> { ["Arn"] = Arn(name), ["QueueName"] = name, ["QueueUrl"] = Url(name) };

    public override ResourceModel Read(PropertyReader properties, ResourceReading resource)
    {
        properties.Refuse("FifoQueue", "nothing, since only standard queues are run here");
        properties.Name(NameProperty, NameForm(), "1 to 80 of a-z, A-Z, 0-9, '-', '_'");
        var visibility = ReadVisibility(properties);
        var delay = properties.Whole("DelaySeconds", 0, Limits.MessageDelaySecondsMax, 0);
        var retention = properties.Whole(
            "MessageRetentionPeriod", Limits.QueueRetentionSecondsMin, Limits.QueueRetentionSecondsMax,
            RetentionSecondsDefault);
        var bytes = properties.Whole(
            "MaximumMessageSize", MessageBytesMaxLeast, Limits.MessageBytesMax, Limits.MessageBytesMax);
        // A mapping always polls long; the range is checked because AWS does.
        properties.Whole("ReceiveMessageWaitTimeSeconds", 0, Limits.ReceiveWaitSecondsMax, 0);
        var redrive = ReadRedrive(properties, resource);
        properties.Ignore(
            "KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "RedriveAllowPolicy", "SqsManagedSseEnabled", "Tags");
        properties.Finish();
        return new QueueModel(
            resource.LogicalId, resource.Name, Arn(resource.Name), Url(resource.Name),
            TimeSpan.FromSeconds(visibility), TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(retention), bytes,
            redrive);
    }

    /// <summary>
    /// A wrong one counts as the longest, so that mappings, which need a long one, do not tell it again.
    /// </summary>
    private static int ReadVisibility(PropertyReader properties)
    {
        const string Name = "VisibilityTimeout";
        return properties.OptionalWhole(Name, 0, Limits.VisibilitySecondsMax)
            ?? (properties.Has(Name) ? Limits.VisibilitySecondsMax : VisibilitySecondsDefault);
    }

    private static string Url(string name) =>
        $"https://sqs.{Account.Region}.{Account.UrlSuffix}/{Account.Id}/{name}";

    /// <summary>
    /// The target is kept by its logical id, not its model: two queues may be each other's dead-letter queue.
    /// </summary>
    private RedriveModel? ReadRedrive(PropertyReader properties, ResourceReading resource)
    {
        if (properties.Object("RedrivePolicy") is not { } policy)
        {
            return null;
        }
        var target = policy.RequiredText("deadLetterTargetArn", "the ARN of a queue");
        var count = policy.RequiredWhole("maxReceiveCount", 1, Limits.ReceiveCountMax);
        policy.Finish();
        if (target is null)
        {
            return null;
        }
        if (target == Arn(resource.Name))
        {
            policy.Problem("deadLetterTargetArn", "the queue itself", "another queue");
            return null;
        }
        if (resource.Stack.Find(Id, target, byName: false) is { } queue)
        {
            return new RedriveModel(queue.LogicalId, count);
        }
        var ids = string.Join(", ", resource.Stack.LogicalIds(Id));
        policy.Problem(
            "deadLetterTargetArn", $"'{target}'", $"ARNs of the {Id} resources of this template ({ids})");
        return null;
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,80}\z")]
    private static partial Regex NameForm();
}
