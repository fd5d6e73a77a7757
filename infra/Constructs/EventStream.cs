using Amazon.CDK;
using Amazon.CDK.AWS.Kinesis;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>A pipe: a stream of provisioned shards, encrypted, kept when the stack goes.</summary>
/// <remarks>
/// Provisioned, because an on-demand stream splits shards by its own judgement, and order per key is worth more here
/// than that.
/// </remarks>
public sealed class EventStream : Construct
{
    public EventStream(Construct scope, string id, StackOptions options)
        : base(scope, id)
    {
        Stream = new Amazon.CDK.AWS.Kinesis.Stream(this, "Stream", new StreamProps
        {
            StreamMode = StreamMode.PROVISIONED,
            ShardCount = options.Shards,
            RetentionPeriod = Duration.Hours(options.RetentionHours),
            Encryption = StreamEncryption.MANAGED,
        });
        Stream.ApplyRemovalPolicy(RemovalPolicy.RETAIN);
        Stream.HasLogicalId(id);
        this.Outputs(id + "Stream", Stream.StreamName, $"The stream of {id.ToLowerInvariant()} events.");
    }

    /// <summary>The stream itself.</summary>
    public Amazon.CDK.AWS.Kinesis.Stream Stream { get; }

    /// <summary>Lets a role read the stream by polling its shards.</summary>
    // What Lambda checks when a mapping is created, and what Firehose needs; nothing for enhanced fan-out.
    public void GrantRead(Amazon.CDK.AWS.IAM.IGrantable reader) => Stream.Grant(
        reader,
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards");

    /// <summary>Lets a role put records.</summary>
    public void GrantWrite(Amazon.CDK.AWS.IAM.IGrantable writer) => Stream.Grant(writer, "kinesis:PutRecords");
}
