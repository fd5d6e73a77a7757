using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SQS;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>A pipe of commands of one priority, and the queue of those that could not be carried out.</summary>
/// <remarks>
/// Both are encrypted, take TLS only, and stay when the stack goes. The dead-letter queue names no queue in a redrive
/// allow policy: the two would name each other, and CloudFormation creates neither. So any queue of the account and
/// region may name it as its own; no role of this stack may change a queue.
/// </remarks>
public sealed class CommandQueue : Construct
{
    // A receive counts although the function was throttled and never ran. Lambda goes on trying a throttled batch until
    // its visibility ends, so five receives are at least fifteen minutes of throttling.
    private const int ReceivesMax = 5;

    private const int RetentionDays = 4;

    // A message keeps the time it was first sent: what dies on the fourth day is still kept for ten more.
    private const int DeadRetentionDays = 14;

    // "Amazon SQS message quotas"; this version of the library still refuses more than 256 KiB.
    private const int MessageBytesMax = 1024 * 1024;

    public CommandQueue(Construct scope, string id, CommandCapacity capacity)
        : base(scope, id)
    {
        Capacity = capacity;
        Dead = AddQueue("Dead", id + "Dead", new QueueProps { RetentionPeriod = Duration.Days(DeadRetentionDays) });
        Queue = AddQueue("Queue", id, new QueueProps
        {
            VisibilityTimeout = Duration.Seconds(capacity.VisibilitySeconds),
            RetentionPeriod = Duration.Days(RetentionDays),
            DeadLetterQueue = new DeadLetterQueue { Queue = Dead, MaxReceiveCount = ReceivesMax },
            // No other queue may leave its dead here, where they would be carried out.
            RedriveAllowPolicy = new RedriveAllowPolicy { RedrivePermission = RedrivePermission.DENY_ALL },
        });
        this.Outputs(id + "Queue", Queue.QueueUrl, $"The queue {id}.");
    }

    /// <summary>The priority's share, which its worker needs to know too.</summary>
    public CommandCapacity Capacity { get; }

    /// <summary>The queue itself.</summary>
    public Queue Queue { get; }

    /// <summary>Where a command ends that was received too often.</summary>
    public Queue Dead { get; }

    /// <summary>Lets a role send commands.</summary>
    public void GrantSend(IGrantable sender) => Queue.Grant(sender, "sqs:SendMessage");

    /// <summary>Lets Lambda take commands in a function's name.</summary>
    // "AWSLambdaSQSQueueExecutionRole".
    public void GrantConsume(IGrantable worker) =>
        Queue.Grant(worker, "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage");

    private Queue AddQueue(string name, string logicalId, QueueProps props)
    {
        props.Encryption = QueueEncryption.SQS_MANAGED;
        props.EnforceSSL = true;
        props.RemovalPolicy = RemovalPolicy.RETAIN;
        var queue = new Queue(this, name, props);
        queue.HasLogicalId(logicalId);
        ((CfnQueue)queue.Node.DefaultChild!).MaximumMessageSize = MessageBytesMax;
        var policy = (CfnQueuePolicy)queue.Node.FindChild("Policy").Node.DefaultChild!;
        policy.OverrideLogicalId(logicalId + "Policy");
        // A queue that stays keeps its rules.
        policy.ApplyRemovalPolicy(RemovalPolicy.RETAIN);
        return queue;
    }
}
