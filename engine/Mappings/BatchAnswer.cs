using System.Text;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Mappings;

/// <summary>What an invocation's answer says of its batch.</summary>
/// <param name="Done">Records done, from the first on.</param>
/// <param name="IsError">The invocation failed, or its answer counts as a complete failure.</param>
internal readonly record struct BatchAnswer(int Done, bool IsError)
{
    private static readonly BatchAnswer Failure = new(0, true);

    /// <summary>Reads the answer by the rules of "Configuring partial batch response with Kinesis".</summary>
    /// <param name="partial">
    /// Whether the mapping lists ReportBatchItemFailures; without it any answer is a success.
    /// </param>
    public static BatchAnswer Read(InvocationResult result, List<LoggedRecord> batch, bool partial)
    {
        if (!result.Succeeded)
        {
            return Failure;
        }
        if (!partial)
        {
            return new BatchAnswer(batch.Count, false);
        }
        if (PartialResponse.Read(result.Response) is not { } failures)
        {
            return Failure;
        }
        var lowest = batch.Count;
        foreach (var identifier in failures)
        {
            var index = IndexOf(identifier, batch);
            if (index < 0)
            {
                return Failure;
            }
            lowest = Math.Min(lowest, index);
        }
        return new BatchAnswer(lowest, false);
    }

    /// <summary>The record's place in the batch; -1 when the identifier is not in the batch.</summary>
    private static int IndexOf(string identifier, List<LoggedRecord> batch)
    {
        var digits = Encoding.UTF8.GetBytes(identifier);
        return batch.FindIndex(record => record.Sequence.Digits.Span.SequenceEqual(digits));
    }
}
