using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's queues, under its virtual clock.</summary>
internal sealed class EngineQueues : IQueueService
{
    private readonly Scheduler _scheduler;
    private readonly Random _random = new(1);
    private readonly World _world;

    /// <param name="bucket">Any; no test of queues looks at it.</param>
    public EngineQueues(DirectoryBucket bucket)
        : this(new World(bucket), new Scheduler(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)))
    {
    }

    /// <summary>Queues that others reach too, in their own ways.</summary>
    public EngineQueues(World world, Scheduler scheduler) => (_world, _scheduler) = (world, scheduler);

    public IReadOnlyCollection<Deviation> Deviations => [];

    public string MissingQueue => "https://sqs/missing";

    public Task<string> CreateAsync(QueueSettings settings)
    {
        var name = $"queue-{_world.Queues.Count}";
        var redrive = settings.DeadLetters is { } dead
            ? new RedriveModel(_world.Queue(dead).Name, settings.ReceiveCountMax)
            : null;
        var model = new QueueModel(
            name, name, $"arn:aws:sqs:us-east-1:123456789012:{name}", $"https://sqs/{name}",
            TimeSpan.FromSeconds(settings.VisibilitySeconds), TimeSpan.Zero, TimeSpan.FromDays(4),
            settings.MessageBytesMax, redrive);
        var queue = new MessageQueue(model, _scheduler, _random);
        queue.DeadLetters = settings.DeadLetters is { } url ? _world.Queue(url) : null;
        _world.Add(queue);
        return Task.FromResult(queue.Url);
    }

    public async Task<IReadOnlyList<SendResult>> SendAsync(string queue, IReadOnlyList<SendEntry> entries) =>
        ServiceErrorException.Call(() => Find(queue).SendMessageBatch(entries));

    public async Task<IReadOnlyList<DeliveredMessage>> ReceiveAsync(
        string queue, int count = 10, int? visibilitySeconds = null, int waitSeconds = 0)
    {
        if (waitSeconds > 0)
        {
            _scheduler.Start(() => Find(queue).WaitAsync(_scheduler.Now + TimeSpan.FromSeconds(waitSeconds)));
            _scheduler.RunUntilIdle();
        }
        TimeSpan? visibility = visibilitySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return
        [
            .. from received in ServiceErrorException.Call(() => Find(queue).Receive(count, visibility))
               select new DeliveredMessage(
                   received.Message.Id.ToString(), Encoding.UTF8.GetString(received.Message.Body.Span),
                   received.ReceiptHandle, received.ReceiveCount),
        ];
    }

    public Task DeleteAsync(string queue, params IReadOnlyList<string> receiptHandles)
    {
        Find(queue).Delete(receiptHandles);
        return Task.CompletedTask;
    }

    public async Task ChangeVisibilityAsync(string queue, string receiptHandle, int seconds)
    {
        if (!ServiceErrorException.Call(
            () => Find(queue).ChangeVisibility(receiptHandle, TimeSpan.FromSeconds(seconds))))
        {
            throw new ServiceErrorException("MessageNotInflight", "The message is not in flight by this handle.");
        }
    }

    private MessageQueue Find(string url) => _world.Queue(url);
}
