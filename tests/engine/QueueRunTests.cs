using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Queues;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Queues in the engine: when it is idle, what a resumed run finds, that a seed decides all.</summary>
public sealed class QueueRunTests
{
    private static readonly string[] Disabled = ["Work"];

    [Fact]
    public void A_queue_whose_consumer_is_disabled_keeps_its_messages_and_moves_no_clock()
    {
        using var bed = new QueueBed(new QueueBedOptions { Disable = Disabled });
        bed.Send("a", "b");
        bed.Queue.SendMessageBatch([new SendEntry("0", "late", TimeSpan.FromSeconds(900))]);
        bed.Queue.Receive(1);
        bed.Run();
        Assert.Empty(bed.Invocations);
        Assert.Equal(TimeSpan.Zero, bed.Now);
        Assert.Equal(
            [("b", MessageState.Visible), ("a", MessageState.InFlight), ("late", MessageState.Delayed)],
            bed.Queue.Look().Select(message => (QueueBench.Body(message), message.State)));
    }

    [Fact]
    public void A_dead_letter_queue_without_a_consumer_moves_no_clock()
    {
        using var bed = new QueueBed(new QueueBedOptions { ReceiveCountMax = 1 }, answer: "broken");
        bed.Send("x");
        bed.Run();
        // The second receive, when the message shows again, is the one that moves it.
        Assert.Equal(60, bed.Now.TotalSeconds);
        Assert.Single(bed.Dead.Look());
    }

    [Fact]
    public void A_queue_with_an_enabled_consumer_is_worked_on_until_nothing_is_left()
    {
        using var bed = new QueueBed(new QueueBedOptions { Queue = "\"DelaySeconds\": 900" });
        bed.Send("x");
        bed.Run();
        Assert.Equal([900], bed.Times);
        Assert.Equal(900, bed.Now.TotalSeconds);
        Assert.Empty(bed.Queue.Look());
    }

    [Fact]
    public void Once_everything_is_done_no_visibility_timeout_moves_the_clock()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3), invocation.Time);
                return Bed.Success;
            });
        bed.SendMany(40);
        bed.Run();
        Assert.Equal(3, bed.Now.TotalSeconds);
    }

    [Fact]
    public void A_mapping_begins_when_it_is_created_and_finds_what_was_sent_before()
    {
        using var bed = new QueueBed(new QueueBedOptions
        {
            Settings = new QueueBedOptions().Settings with
            {
                CreationTimes = new Dictionary<string, TimeSpan>
                {
                    ["AWS::SQS::Queue"] = TimeSpan.FromSeconds(2),
                    ["AWS::Lambda::EventSourceMapping"] = TimeSpan.FromSeconds(5),
                },
            },
        });
        bed.At(1, () => bed.Send("x"));
        bed.Run();
        Assert.Equal([7], bed.Times);
    }

    [Fact]
    public void A_resumed_run_finds_every_message_as_it_was()
    {
        using var bed = new QueueBed(new QueueBedOptions { Disable = Disabled, ReceiveCountMax = 3 });
        bed.Send("received", "visible", "gone", "π😀");
        var ids = bed.Queue.Look().ToDictionary(message => message.Id, QueueBench.Body);
        bed.At(1, () => bed.Queue.Receive(1));
        bed.At(2, () => bed.Queue.Delete(bed.Queue.Receive(2)[1].ReceiptHandle));
        bed.At(3, () => bed.Queue.SendMessageBatch([new SendEntry("0", "late", TimeSpan.FromSeconds(900))]));
        bed.Run();
        var before = bed.Queue.Look().Select(Describe).ToList();
        Assert.Equal(4, before.Count);

        using var resumed = new QueueBed(
            new QueueBedOptions { Folder = bed.Folder, Saved = Save(bed), ReceiveCountMax = 3 });
        resumed.Begin();
        Assert.Equal(before, resumed.Queue.Look().Select(Describe));
        resumed.Run();

        // The clock goes on at 3 s: what was received at 1 s and 2 s shows again after 60 s, the late one after 900 s.
        Assert.Equal(["π😀", "received", "visible", "late"], resumed.Batches);
        Assert.Equal([0, 58, 59, 900], resumed.Times);
        Assert.Equal([1, 2, 2, 1], resumed.Invocations.SelectMany(invocation => invocation.ReceiveCounts));
        Assert.All(
            resumed.Invocations.Where(i => i.Text != "late"), i => Assert.Equal(i.Text, ids[Guid.Parse(i.Ids[0])]));
        Assert.Empty(resumed.Queue.Look());
    }

    [Fact]
    public void Dead_letters_and_the_count_of_expired_messages_outlive_the_run()
    {
        var options = new QueueBedOptions { ReceiveCountMax = 1, Queue = "\"MessageRetentionPeriod\": 100" };
        using var bed = new QueueBed(options, answer: "broken");
        bed.Send("dead");
        bed.Run();
        var dead = Describe(Assert.Single(bed.Dead.Look()));

        using var second = new QueueBed(options with { Folder = bed.Folder, Saved = Save(bed), Disable = Disabled });
        second.Run();
        second.Send("expires");
        second.At(101, () => Assert.Empty(second.Queue.Look()));
        second.Run();

        using var third = new QueueBed(options with { Folder = bed.Folder, Saved = Save(second) });
        third.Run();
        Assert.Equal(1, third.Queue.ExpiredCount);
        Assert.Equal(dead, Describe(Assert.Single(third.Dead.Look())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_is_resumed_with_the_queues_and_mappings_it_had_or_not_at_all(bool another)
    {
        using var bed = new QueueBed(new QueueBedOptions { DeadLettersAreRead = !another });
        bed.Run();
        var saved = Save(bed);
        var refused = Assert.Throws<ConfigurationException>(() => new QueueBed(
            new QueueBedOptions { Folder = bed.Folder, Saved = saved, DeadLettersAreRead = another }));
        Assert.EndsWith("these differ: the reader DeadMapping.", refused.Message, StringComparison.Ordinal);
        var without = saved with { Queues = [.. saved.Queues.Where(queue => queue.Queue != "Dead")] };
        refused = Assert.Throws<ConfigurationException>(() => without.CheckFits(bed.Engine.Stack));
        Assert.EndsWith("these differ: the queue Dead.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_with_queues_survives_its_file()
    {
        using var bed = new QueueBed(new QueueBedOptions { Disable = Disabled });
        bed.SendMany(3);
        bed.Run();
        Save(bed).Save(bed.Engine.Files);
        var loaded = EngineState.Load(bed.Engine.Files)!;
        Assert.Equal([new QueueState("Dead", 0, 0), new QueueState("Jobs", 3, 0)], loaded.Queues);
        Assert.Equal(["WorkMapping"], loaded.QueueMappings);
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace_and_another_seed_other_ids()
    {
        string Trace(int seed)
        {
            using var bed = new QueueBed(
                async invocation =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(invocation.Payload.Length), invocation.Time);
                    return invocation.Bodies.Any(body => body.EndsWith('7'))
                        ? invocation.Failed(invocation.Bodies.Where(body => body.EndsWith('7')))
                        : Bed.Success;
                },
                new QueueBedOptions
                {
                    Seed = seed,
                    ReceiveCountMax = 3,
                    Mapping = "\"BatchSize\": 4, \"MaximumBatchingWindowInSeconds\": 2",
                    DeadLettersAreRead = true,
                });
            for (var second = 0; second < 20; second++)
            {
                var name = second;
                bed.At(second * 0.7, () => bed.Send(Enumerable.Range(0, name).Select(i => $"{name}-{i}")));
            }
            bed.Run();
            return string.Join('\n', bed.Invocations.Select(i => $"{i.At} {i.Payload}"));
        }

        var trace = Trace(1);
        Assert.Equal(trace, Trace(1));
        Assert.NotEqual(trace, Trace(2));
    }

    [Fact]
    public void A_hundred_thousand_waiting_messages_are_worked_off_each_once()
    {
        const int Count = 100_000;
        using var bed = new QueueBed(new QueueBedOptions
        {
            Mapping = "\"BatchSize\": 1000, \"MaximumBatchingWindowInSeconds\": 1",
        });
        bed.SendMany(Count);
        bed.Run();
        Assert.Equal(100, bed.Invocations.Count);
        Assert.Equal(Count, bed.Invocations.SelectMany(invocation => invocation.Bodies).Distinct().Count());
        Assert.Empty(bed.Queue.Look());
    }

    private static EngineState Save(QueueBed bed) => bed.Engine.Save(Bed.Start, 0, 0);

    private static object Describe(QueueMessage message) => (
        message.Id, QueueBench.Body(message), message.SentAt, message.State, message.VisibleAt, message.ReceiveCount,
        message.FirstReceivedAt, message.DeadLetterSource);
}
