using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Kinesis;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>An enhanced fan-out consumer: one filter's own 2 MB/s of every shard of a stream.</summary>
/// <remarks>
/// It is replaced only together with its stream, so its name never meets an older self. Kinesis sets up five
/// consumers of a stream at once and refuses more ("RegisterStreamConsumer"), so each waits for the one before it.
/// </remarks>
public sealed class StreamConsumer : Construct, IInput
{
    // "RegisterStreamConsumer": the bound of ConsumerName.
    private const int NameCharactersMax = 128;

    private readonly CfnStreamConsumer _consumer;

    public StreamConsumer(EventStream stream, string filter, StreamConsumer? after)
        : base(stream, filter)
    {
        Pipe = stream;
        _consumer = new CfnStreamConsumer(this, "Consumer", new CfnStreamConsumerProps
        {
            StreamArn = stream.Stream.StreamArn,
            // CloudFormation makes up names for everything else, but not for a consumer.
            ConsumerName = Names.UniqueResourceName(this, new UniqueResourceNameOptions
            {
                MaxLength = NameCharactersMax,
                Separator = "-",
                AllowedSpecialCharacters = "-",
            }),
        });
        _consumer.OverrideLogicalId(filter + "Consumer");
        if (after is not null)
        {
            _consumer.AddDependency(after._consumer);
        }
    }

    /// <inheritdoc/>
    public EventStream Pipe { get; }

    /// <inheritdoc/>
    public string SourceArn => _consumer.AttrConsumerArn;

    /// <inheritdoc/>
    /// <remarks>
    /// "AWSLambdaKinesisExecutionRole" lists what Lambda needs on the stream; records come by the subscription.
    /// </remarks>
    public void GrantRead(IGrantable reader)
    {
        Pipe.GrantRead(reader);
        Grant.AddToPrincipal(new GrantOnPrincipalOptions
        {
            Grantee = reader,
            Actions = ["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"],
            ResourceArns = [SourceArn],
        });
    }
}
