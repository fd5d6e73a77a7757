using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Pipeline.Core;
using Pipeline.Functions.Adapters;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Takes a batch of messages to a handler: tries every one, in the order of the batch, and reports those that failed.
/// </summary>
/// <remarks>
/// A message that fails stops no other: not by being no command, nor by a fault of the world, nor by a defect of the
/// handler; calls that break are made again in its own share of the time that is left. It comes again after its
/// visibility timeout, and the queue's redrive policy makes it a dead letter when it failed too often; each time a line
/// says why. Messages that the time does not suffice for are reported too.
/// </remarks>
public sealed class QueuePump(QueuePumpOptions options, IMessageHandler handler, Ports ports, TimeProvider time)
{
    private readonly InvocationMetrics _metrics = new(options.Function);

    /// <summary>Handles one batch; the answer names the messages that must come again.</summary>
    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        var start = time.GetTimestamp();
        var invocation = InvocationTime.Start(context, options.Timeout, time);
        var deadline = invocation.Deadline.LessMargin(options.ReportMargin);
        _metrics.Clear();
        var response = new SQSBatchResponse();
        var waiting = batch.Records?.Count ?? 0;
        foreach (var message in batch.Records ?? [])
        {
            var share = new Deadline(time, time.GetTimestamp(), deadline.Left / waiting--);
            var delivery = new Delivery(invocation, start, deadline, share, time);
            var outcome = deadline.HasPassed
                ? MessageOutcome.Fail("The invocation's time was up before its turn.")
                : await TryAsync(message, delivery);
            _metrics.Retries += delivery.Retries;
            Count(outcome);
            if (outcome.Problem is { } problem)
            {
                response.BatchItemFailures.Add(new() { ItemIdentifier = message.MessageId });
                Log.Write(ports.Output, $"{options.Function}: message {message.MessageId} failed. {problem}");
            }
        }
        _metrics.Write(invocation.Now, ports.Output);
        return response;
    }

    private async ValueTask<MessageOutcome> TryAsync(SQSEvent.SQSMessage message, Delivery delivery)
    {
        try
        {
            return await handler.HandleAsync(message.Body ?? "", delivery, CancellationToken.None);
        }
        catch (PortFaultException fault)
        {
            return MessageOutcome.Fail(fault.Message);
        }
        catch (Exception defect) when (!options.RethrowDefects)
        {
            // Its message could hold event data; its type cannot.
            return MessageOutcome.Fail($"The handler has a defect: {defect.GetType().FullName}.");
        }
    }

    private void Count(in MessageOutcome outcome)
    {
        if (outcome.Problem is not null)
        {
            _metrics.Failed++;
            return;
        }
        _metrics.Records++;
        if (outcome.DropReason is { } reason)
        {
            _metrics.CountDrop(reason, 1);
        }
        else
        {
            _metrics.Emitted++;
        }
    }
}
