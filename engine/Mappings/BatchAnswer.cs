using System.Text.Json;
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
        var success = new BatchAnswer(batch.Count, false);
        if (!partial || result.Response.Length == 0)
        {
            return success;
        }
        try
        {
            using var document = JsonDocument.Parse(result.Response);
            return Read(document.RootElement, batch, success);
        }
        catch (JsonException)
        {
            return Failure;
        }
    }

    private static BatchAnswer Read(JsonElement response, List<LoggedRecord> batch, BatchAnswer success)
    {
        if (response.ValueKind == JsonValueKind.Null)
        {
            return success;
        }
        if (response.ValueKind != JsonValueKind.Object)
        {
            return Failure;
        }
        if (!response.TryGetProperty("batchItemFailures", out var failures) || failures.ValueKind == JsonValueKind.Null)
        {
            return success;
        }
        if (failures.ValueKind != JsonValueKind.Array)
        {
            return Failure;
        }
        var lowest = batch.Count;
        foreach (var failure in failures.EnumerateArray())
        {
            var index = IndexOf(failure, batch);
            if (index < 0)
            {
                return Failure;
            }
            lowest = Math.Min(lowest, index);
        }
        return new BatchAnswer(lowest, false);
    }

    /// <summary>
    /// The record's place in the batch; -1 when the identifier is empty, null, under a wrong name, or not in the batch.
    /// </summary>
    private static int IndexOf(JsonElement failure, List<LoggedRecord> batch)
    {
        if (failure.ValueKind != JsonValueKind.Object
            || !failure.TryGetProperty("itemIdentifier", out var identifier)
            || identifier.ValueKind != JsonValueKind.String)
        {
            return -1;
        }
        for (var i = 0; i < batch.Count; i++)
        {
            if (identifier.ValueEquals(batch[i].Sequence.Digits.Span))
            {
                return i;
            }
        }
        return -1;
    }
}
