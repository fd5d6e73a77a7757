using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Engine;

/// <summary>One queue alone, under a clock that a test moves.</summary>
internal sealed class QueueBench
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly QueueModel Defaults = new(
        "Jobs", "Jobs", "arn:aws:sqs:us-east-1:123456789012:Jobs", "https://sqs/Jobs", TimeSpan.FromSeconds(30),
        TimeSpan.Zero, TimeSpan.FromDays(4), Limits.MessageBytesMax, null);

    public QueueBench(QueueModel? model = null, int seed = 1)
    {
        Scheduler = new Scheduler(Start);
        Queue = new MessageQueue(model ?? Defaults, Scheduler, new Random(seed));
    }

    /// <summary>A queue whose messages go to <see cref="Dead"/> when they were received so often.</summary>
    public static QueueBench WithDeadLetters(int receiveCountMax, QueueModel? model = null)
    {
        var bench = new QueueBench((model ?? Defaults) with { Redrive = new RedriveModel("Dead", receiveCountMax) });
        bench.Queue.DeadLetters = bench.Dead = new MessageQueue(
            (model ?? Defaults) with { LogicalId = "Dead", Name = "Dead", Arn = "arn:aws:sqs:::Dead" },
            bench.Scheduler, new Random(2));
        return bench;
    }

    public Scheduler Scheduler { get; }

    public MessageQueue Queue { get; }

    public MessageQueue? Dead { get; private set; }

    public TimeSpan Now => Scheduler.Now - Start;

    public static string Body(QueueMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    /// <summary>Sends one message and answers what became of it.</summary>
    public SendResult Send(string body, double delaySeconds = 0) =>
        Queue.SendMessageBatch([new SendEntry("0", body, TimeSpan.FromSeconds(delaySeconds))])[0];

    /// <summary>Receives and answers the bodies, with spaces between.</summary>
    public string Receive(int count = 10) =>
        string.Join(' ', Queue.Receive(count).Select(received => Body(received.Message)));

    public ReceivedMessage ReceiveOne() => Queue.Receive(1).Single();

    /// <summary>What is there, in the order of the receives to come.</summary>
    public string Look() => string.Join(' ', Queue.Look().Select(Body));

    /// <summary>Moves the clock.</summary>
    public void Advance(double seconds)
    {
        Scheduler.Start(() => Task.Delay(TimeSpan.FromSeconds(seconds), Scheduler.Clock));
        Scheduler.RunUntilIdle();
    }
}
