using System.Text.RegularExpressions;

namespace Pipeline.Engine.Template;

/// <summary>A consumer of its own (enhanced fan-out): a reader with its own throughput on every shard.</summary>
/// <param name="Name">Unique among the consumers of its stream.</param>
public sealed record StreamConsumerModel(string LogicalId, string Name, string Arn, StreamModel Stream)
    : ResourceModel(LogicalId);

/// <summary>Source: "AWS::Kinesis::StreamConsumer"; RegisterStreamConsumer.</summary>
/// <remarks>
/// Here its full name is <c>&lt;stream ARN&gt;/&lt;consumer name&gt;</c>, for it is unique only within its stream; it
/// was created at second 1, so that its ARN is the same each time.
/// </remarks>
internal sealed partial class StreamConsumerType : ResourceType
{
    public const string Id = "AWS::Kinesis::StreamConsumer";

    /// <summary>Tells the ARN of a consumer from that of a stream.</summary>
    public const string Mark = "/consumer/";

    private const string CreatedAt = "1";

    public override string Type => Id;

    public override string NameProperty => "ConsumerName";

    public override string OwnerProperty => "StreamARN";

    public override string Ref(string logicalId, string name) => Arn(name);

    public override string Arn(string name)
    {
        var end = name.LastIndexOf('/');
        return $"{name[..end]}{Mark}{name[(end + 1)..]}:{CreatedAt}";
    }

    public override IReadOnlyDictionary<string, string> Attributes(string logicalId, string name) =>
        new Dictionary<string, string>
        {
            ["ConsumerARN"] = Arn(name),
            ["ConsumerName"] = name[(name.LastIndexOf('/') + 1)..],
            ["ConsumerStatus"] = "ACTIVE",
            ["ConsumerCreationTimestamp"] = CreatedAt,
            ["StreamARN"] = name[..name.LastIndexOf('/')],
        };

    public override ResourceModel? Read(PropertyReader properties, ResourceReading resource)
    {
        var name = properties.RequiredText(NameProperty, Form);
        properties.Name(NameProperty, Pattern(), Form);
        var stream = resource.Resolve<StreamModel>(properties, OwnerProperty, StreamType.Id);
        properties.Ignore("Tags");
        properties.Finish();
        return name is null || stream is null
            ? null
            : new StreamConsumerModel(resource.LogicalId, name, Arn(resource.Name), stream);
    }

    private const string Form = "1 to 128 of a-z, A-Z, 0-9, '_', '.', '-'";

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex Pattern();
}
