using System.Globalization;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Kinesis;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>A pipe: a stream of provisioned shards, encrypted, kept when the stack goes.</summary>
/// <remarks>
/// Provisioned, because an on-demand stream splits shards by its own judgement, and order per key is worth more here
/// than that.
/// </remarks>
public sealed class EventStream : Construct, IInput, IOutput
{
    private readonly StackOptions _options;

    private StreamConsumer? _lastConsumer;

    public EventStream(Construct scope, string id, StackOptions options)
        : base(scope, id)
    {
        _options = options;
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

    /// <inheritdoc/>
    public EventStream Pipe => this;

    /// <inheritdoc/>
    public string Name => Node.Id;

    /// <inheritdoc/>
    public string SourceArn => Stream.StreamArn;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OUTPUT_STREAM"] = Stream.StreamName,
        ["SLOTS"] = _options.Slots.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// The stream for one of its many readers: through a consumer of its own, or with <c>-c fanout=shared</c> by
    /// polling.
    /// </summary>
    public IInput ReaderFor(string filter) => _options.FanOut == StackOptions.FanOutShared
        ? this
        : _lastConsumer = new StreamConsumer(this, filter, _lastConsumer);

    /// <summary>Lets a role read the stream by polling its shards.</summary>
    // What Lambda checks when a mapping is created, and what Firehose needs; nothing for enhanced fan-out.
    public void GrantRead(IGrantable reader) => Stream.Grant(
        reader,
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards");

    /// <summary>Lets a role put records.</summary>
    public void GrantWrite(IGrantable writer) => Stream.Grant(writer, "kinesis:PutRecords");
}
