using Pipeline.Engine.Functions;
using Pipeline.Engine.Queues;

namespace Pipeline.Engine.Mappings;

/// <summary>What an invocation's answer says of its batch of messages.</summary>
/// <param name="Done">The receipt handles of the messages to delete.</param>
/// <param name="IsError">The invocation failed, or its answer counts as a complete failure.</param>
internal readonly record struct QueueAnswer(IReadOnlyList<string> Done, bool IsError)
{
    private static readonly QueueAnswer Failure = new([], true);

    /// <summary>Reads the answer by the rules of "Handling errors for an SQS event source in Lambda".</summary>
    /// <param name="partial">
    /// Whether the mapping lists ReportBatchItemFailures; without it any answer is a success.
    /// </param>
    public static QueueAnswer Read(InvocationResult result, IReadOnlyList<ReceivedMessage> batch, bool partial)
    {
        if (!result.Succeeded)
        {
            return Failure;
        }
        var failures = partial ? PartialResponse.Read(result.Response) : [];
        if (failures is null)
        {
            return Failure;
        }
        var failed = failures.ToHashSet(StringComparer.Ordinal);
        // A message may be in a batch twice, when it became visible again while the batch was gathered.
        var done = batch.Where(received => !failed.Contains(received.Message.Id.ToString()))
            .Select(received => received.ReceiptHandle)
            .ToList();
        var known = batch.Select(received => received.Message.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        return failed.IsSubsetOf(known) ? new QueueAnswer(done, false) : Failure;
    }
}
