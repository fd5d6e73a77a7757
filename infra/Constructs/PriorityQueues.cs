using Amazon.CDK.AWS.IAM;

namespace Pipeline.Infra.Constructs;

/// <summary>The queues of all priorities as one output: who writes to it chooses by the command's priority.</summary>
public sealed class PriorityQueues(CommandQueue high, CommandQueue normal, CommandQueue low) : IOutput
{
    /// <inheritdoc/>
    public string Name => string.Join(", ", All.Select(queue => queue.Node.Id));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["QUEUE_HIGH"] = high.Queue.QueueUrl,
        ["QUEUE_NORMAL"] = normal.Queue.QueueUrl,
        ["QUEUE_LOW"] = low.Queue.QueueUrl,
    };

    private CommandQueue[] All => [high, normal, low];

    /// <inheritdoc/>
    public void GrantWrite(IGrantable writer)
    {
        foreach (var queue in All)
        {
            queue.GrantSend(writer);
        }
    }
}
