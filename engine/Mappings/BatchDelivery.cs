using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>
/// Delivers one batch to the function until every record of it is done or given up: retries, bisects, cuts, discards.
/// </summary>
/// <remarks>
/// Rules of "Retain discarded batch records" and "Configuring partial batch response with Kinesis". Our choices where
/// AWS is silent: an odd batch's first half is the smaller one; the first half goes first; a batch of which a part was
/// done keeps its count of attempts; an identifier that is not in the batch is a complete failure; the wait between
/// attempts doubles; records whose retention ends while they are tried are given up as too old.
/// </remarks>
internal sealed class BatchDelivery(
    KinesisMappingModel model, FunctionHost function, FailureDestination failures, BatchPayload payload,
    Scheduler scheduler, EngineOptions options)
{
    private readonly Stack<Part> _parts = new();
    private readonly RetryWaits _waits = new(options.Settings);
    private readonly TimeSpan _oldest = model.MaximumRecordAge is { } age && age < model.Stream.Retention
        ? age
        : model.Stream.Retention;

    /// <summary>A stretch of the batch, and how often it was tried again.</summary>
    private readonly record struct Part(int Start, int Count, int Retries)
    {
        public Part Skip(int count) => this with { Start = Start + count, Count = Count - count };
    }

    /// <summary>Delivers the batch; its payload is prepared.</summary>
    public async Task DeliverAsync(List<LoggedRecord> batch)
    {
        _parts.Clear();
        _parts.Push(new Part(0, batch.Count, 0));
        _waits.Reset();
        while (_parts.TryPop(out var part))
        {
            part = await DiscardExpiredAsync(batch, part);
            if (part.Count > 0 && await TryAsync(batch, part))
            {
                await Task.Delay(_waits.Next(), scheduler.Clock);
            }
        }
    }

    /// <summary>
    /// Invokes the function with a part of the batch; true when a wait is due before the next attempt.
    /// </summary>
    private async ValueTask<bool> TryAsync(List<LoggedRecord> batch, Part part)
    {
        var result = await function.InvokeAsync(Payload(batch, part), part.Count);
        if (result.WasThrottled)
        {
            // The function did not run, so this is no attempt.
            _parts.Push(part);
            return true;
        }
        var answer = BatchAnswer.Read(
            result, batch.GetRange(part.Start, part.Count), model.ReportBatchItemFailures);
        if (answer.Done > 0)
        {
            _waits.Reset();
        }
        if (answer.Done == part.Count)
        {
            if (options.Faults.OnBatchDone(function.Name))
            {
                _parts.Push(part);
            }
            return false;
        }
        return await PushBackAsync(batch, part, answer, result);
    }

    /// <summary>Puts what is left of a part back to be tried again; false when it was given up instead.</summary>
    private async ValueTask<bool> PushBackAsync(
        List<LoggedRecord> batch, Part part, BatchAnswer answer, InvocationResult result)
    {
        if (answer.Done > 0)
        {
            _parts.Push(part.Skip(answer.Done));
            return true;
        }
        if (answer.IsError && model.BisectOnError && part.Count > 1)
        {
            var half = part.Count / 2;
            _parts.Push(part.Skip(half));
            _parts.Push(part with { Count = half });
            return true;
        }
        if (model.MaximumRetryAttempts is { } retries && part.Retries >= retries)
        {
            await failures.SendAsync(
                FailureDestination.RetryAttemptsExhausted, batch.GetRange(part.Start, part.Count), Payload(batch, part),
                part.Retries + 1, result);
            return false;
        }
        _parts.Push(part with { Retries = part.Retries + 1 });
        return true;
    }

    /// <summary>
    /// Gives up the records at the front of a part that are older than the mapping allows, or the stream keeps them.
    /// </summary>
    private async ValueTask<Part> DiscardExpiredAsync(List<LoggedRecord> batch, Part part)
    {
        var expired = 0;
        while (expired < part.Count && scheduler.Now - batch[part.Start + expired].ArrivedAt > _oldest)
        {
            expired++;
        }
        if (expired > 0)
        {
            var old = part with { Count = expired };
            await failures.SendAsync(
                FailureDestination.RecordAgeExceeded, batch.GetRange(old.Start, old.Count), Payload(batch, old),
                part.Retries, default);
        }
        return part.Skip(expired);
    }

    private ReadOnlyMemory<byte> Payload(List<LoggedRecord> batch, Part part)
    {
        if (!payload.Holds(batch[part.Start], part.Count))
        {
            payload.Clear();
            for (var i = 0; i < part.Count; i++)
            {
                payload.TryAdd(batch[part.Start + i]);
            }
        }
        return payload.Bytes;
    }
}
