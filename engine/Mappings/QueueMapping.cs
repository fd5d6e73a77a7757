using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>An event source mapping on a standard queue: gathers batches and has several under way at a time.</summary>
/// <remarks>
/// What is done is deleted; what failed comes again when its visibility timeout is over, as often as the queue's
/// redrive policy lets it. Source: "Using Lambda with Amazon SQS", "Handling errors for an SQS event source in Lambda".
/// Our choice where it gives no numbers: a throttled batch slows polling down once, and is tried again at the intervals
/// of a stream's mapping.
/// </remarks>
public sealed class QueueMapping
{
    private readonly Scheduler _scheduler;
    private readonly EngineSettings _settings;
    private readonly Faults _faults;
    private readonly QueueConcurrency _concurrency;
    private readonly TimeSpan _visibility;

    public QueueMapping(
        QueueMappingModel model, MessageQueue queue, FunctionHost function, Scheduler scheduler, EngineOptions options)
    {
        (Model, Queue, Function, _scheduler) = (model, queue, function, scheduler);
        (_settings, _faults) = (options.Settings, options.Faults);
        _concurrency = new QueueConcurrency(model.MaximumConcurrency, scheduler, options.Settings);
        var needed = model.BatchingWindow + model.Function.Timeout;
        _visibility = needed > model.Queue.VisibilityTimeout
            ? needed + options.Settings.QueueVisibilityMargin
            : model.Queue.VisibilityTimeout;
    }

    public QueueMappingModel Model { get; }

    public string LogicalId => Model.LogicalId;

    public MessageQueue Queue { get; }

    public FunctionHost Function { get; }

    /// <summary>Begins to poll, if it is enabled.</summary>
    public void Start()
    {
        if (Model.Enabled)
        {
            _scheduler.Start(RunAsync);
        }
    }

    /// <summary>Polls for ever; when there are no messages it waits for nothing but them.</summary>
    private async Task RunAsync()
    {
        while (true)
        {
            if (!Queue.IsReceivable)
            {
                _concurrency.Rest();
                await Queue.WaitAsync();
            }
            await _concurrency.WaitAsync();
            var batch = await GatherAsync();
            if (batch.Messages.Count > 0)
            {
                _concurrency.Begin();
                _scheduler.Start(() => DeliverAsync(batch));
            }
        }
    }

    /// <summary>
    /// Gathers a batch: until it is full, its payload is, or the batching window is over that its first message began.
    /// </summary>
    private async ValueTask<QueueBatch> GatherAsync()
    {
        var batch = new QueueBatch(Queue.Arn, Model.BatchSize);
        Receive(batch);
        var windowEnd = _scheduler.Now + Model.BatchingWindow;
        while (batch.Messages.Count > 0 && batch.Room > 0 && _scheduler.Now < windowEnd)
        {
            await Queue.WaitAsync(windowEnd);
            Receive(batch);
        }
        return batch;
    }

    private void Receive(QueueBatch batch)
    {
        while (batch.Room > 0 && Queue.IsReceivable)
        {
            var count = Math.Min(batch.Room, Limits.SendBatchCountMax);
            batch.Add(Queue.Receive(count, _visibility, batch.TryReserve));
        }
    }

    private async Task DeliverAsync(QueueBatch batch)
    {
        var result = await InvokeAsync(batch);
        var answer = QueueAnswer.Read(result, batch.Messages, Model.ReportBatchItemFailures);
        if (answer.IsError && !result.WasThrottled && !Model.ReportBatchItemFailures)
        {
            _concurrency.BackOff();
        }
        if (!answer.IsError && !_faults.OnBatchDone(Function.Name))
        {
            Queue.Delete(answer.Done);
        }
        _concurrency.End();
    }

    /// <summary>
    /// Invokes the function; one that is throttled again and again until the first of the messages shows again.
    /// </summary>
    private async Task<InvocationResult> InvokeAsync(QueueBatch batch)
    {
        var hiddenUntil = batch.Messages.Min(received => received.Message.VisibleAt);
        var payload = batch.ToPayload();
        var waits = new RetryWaits(_settings);
        var result = await Function.InvokeAsync(payload, batch.Messages.Count);
        if (result.WasThrottled)
        {
            _concurrency.BackOff();
        }
        while (result.WasThrottled)
        {
            var wait = waits.Next();
            if (_scheduler.Now + wait >= hiddenUntil)
            {
                break;
            }
            await Task.Delay(wait, _scheduler.Clock);
            result = await Function.InvokeAsync(payload, batch.Messages.Count);
        }
        return result;
    }
}
