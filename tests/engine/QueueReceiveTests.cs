using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Delay, visibility, receipt handles, retention, redrive and waiting of a queue.</summary>
public sealed class QueueReceiveTests
{
    [Fact]
    public void Messages_come_in_the_order_in_which_they_became_visible_ten_at_most()
    {
        var bench = new QueueBench();
        foreach (var i in Enumerable.Range(0, 12))
        {
            bench.Send($"{i}");
        }
        Assert.Equal("0 1 2", bench.Receive(3));
        Assert.Equal("3 4 5 6 7 8 9 10 11", bench.Receive(10));
        Assert.Equal("", bench.Receive());
        bench.Advance(30);
        Assert.Equal("0 1 2 3 4 5 6 7 8 9", bench.Receive());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [Trait("Rule", "queues.receive-count")]
    public void A_receive_is_of_one_to_ten_messages(int count) =>
        Assert.Throws<ServiceException>(() => new QueueBench().Queue.Receive(count));

    [Fact]
    [Trait("Rule", "queues.visibility")]
    public void A_received_message_is_hidden_until_its_visibility_timeout_is_over()
    {
        var bench = new QueueBench();
        bench.Send("x");
        bench.ReceiveOne();
        bench.Advance(29.999);
        Assert.Equal("", bench.Receive());
        bench.Advance(0.001);
        Assert.Equal("x", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.visibility")]
    public void A_receive_may_have_a_visibility_timeout_of_its_own()
    {
        var bench = new QueueBench();
        bench.Send("x");
        bench.Queue.Receive(1, TimeSpan.FromSeconds(5));
        bench.Advance(5);
        Assert.Equal("x", bench.Receive());
        Assert.Throws<ServiceException>(() => bench.Queue.Receive(1, TimeSpan.FromSeconds(43_201)));
    }

    [Fact]
    [Trait("Rule", "queues.receipt-handles")]
    public void Each_receive_counts_and_has_a_receipt_handle_of_its_own()
    {
        var bench = new QueueBench();
        bench.Send("x");
        bench.Advance(7);
        var first = bench.ReceiveOne();
        bench.Advance(30);
        var second = bench.ReceiveOne();
        Assert.Equal((1, 2), (first.ReceiveCount, second.ReceiveCount));
        Assert.NotEqual(first.ReceiptHandle, second.ReceiptHandle);
        Assert.Equal(first.Message.Id, second.Message.Id);
        Assert.Equal(QueueBench.Start.AddSeconds(7), second.Message.FirstReceivedAt);
        Assert.Equal(QueueBench.Start, second.Message.SentAt);
    }

    [Fact]
    [Trait("Rule", "queues.delay")]
    public void A_delayed_message_is_hidden_at_first_and_its_own_delay_goes_before_the_queue_s()
    {
        var bench = new QueueBench(QueueBench.Defaults with { Delay = TimeSpan.FromSeconds(10) });
        bench.Send("queue");
        bench.Send("own", 4);
        Assert.Equal("", bench.Receive());
        bench.Advance(4);
        Assert.Equal("own", bench.Receive());
        bench.Advance(6);
        Assert.Equal("queue", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.delete")]
    public void A_deleted_message_never_comes_again()
    {
        var bench = new QueueBench();
        bench.Send("x");
        bench.Send("y");
        var handles = bench.Queue.Receive(2).Select(received => received.ReceiptHandle).ToList();
        Assert.Equal(1, bench.Queue.Delete(handles[0]));
        Assert.Equal(0, bench.Queue.Delete(handles[0]));
        bench.Advance(30);
        Assert.Equal("y", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.receipt-handles")]
    public void A_handle_deletes_after_its_timeout_as_long_as_nobody_received_again()
    {
        var bench = new QueueBench();
        bench.Send("x");
        var handle = bench.ReceiveOne().ReceiptHandle;
        bench.Advance(31);
        Assert.Equal("x", bench.Look());
        Assert.Equal(1, bench.Queue.Delete(handle));
        Assert.Equal("", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.receipt-handles")]
    public void An_old_handle_is_of_no_effect()
    {
        var bench = new QueueBench();
        bench.Send("x");
        var old = bench.ReceiveOne().ReceiptHandle;
        bench.Advance(30);
        var current = bench.ReceiveOne().ReceiptHandle;
        Assert.False(bench.Queue.ChangeVisibility(old, TimeSpan.Zero));
        Assert.Equal(0, bench.Queue.Delete(old));
        Assert.Equal(1, bench.Queue.Delete(current));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(100, 100)]
    [Trait("Rule", "queues.change-visibility")]
    public void Changed_visibility_counts_from_the_change_and_for_this_receive_only(double seconds, double expected)
    {
        var bench = new QueueBench();
        bench.Send("x");
        var received = bench.ReceiveOne();
        bench.Advance(20);
        Assert.True(bench.Queue.ChangeVisibility(received.ReceiptHandle, TimeSpan.FromSeconds(seconds)));
        if (expected > 0)
        {
            bench.Advance(expected - 0.5);
            Assert.Equal("", bench.Receive());
            bench.Advance(0.5);
        }
        bench.ReceiveOne();
        bench.Advance(29);
        Assert.Equal("", bench.Receive());
        bench.Advance(1);
        Assert.Equal("x", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.change-visibility")]
    public void Visibility_of_what_is_not_in_flight_cannot_be_changed()
    {
        var bench = new QueueBench();
        bench.Send("x");
        var handle = bench.ReceiveOne().ReceiptHandle;
        bench.Advance(30);
        Assert.False(bench.Queue.ChangeVisibility(handle, TimeSpan.FromSeconds(60)));
        Assert.Equal("x", bench.Receive());
        Assert.Throws<ServiceException>(
            () => bench.Queue.ChangeVisibility(handle, TimeSpan.FromSeconds(43_201)));
    }

    [Fact]
    [Trait("Rule", "queues.in-flight")]
    public void Too_many_messages_in_flight_end_receiving_until_one_is_deleted()
    {
        var bench = new QueueBench();
        SendMany(bench, Limits.MessagesInFlightMax + 5);
        var last = "";
        while (bench.Queue.IsReceivable)
        {
            last = bench.Queue.Receive(10)[^1].ReceiptHandle;
        }
        Assert.Equal(
            Limits.MessagesInFlightMax, bench.Queue.Look().Count(message => message.State == MessageState.InFlight));
        var refused = Assert.Throws<ServiceException>(() => bench.Queue.Receive(10));
        Assert.StartsWith("OverLimit: ", refused.Message, StringComparison.Ordinal);
        bench.Queue.Delete(last);
        Assert.Single(bench.Queue.Receive(10));
    }

    [Fact]
    [Trait("Rule", "queues.retention")]
    public void A_message_is_gone_when_the_retention_period_is_over_and_is_told_and_counted_once()
    {
        var bench = new QueueBench(QueueBench.Defaults with { Retention = TimeSpan.FromSeconds(60) });
        var told = new List<string>();
        bench.Queue.Expired += message => told.Add(QueueBench.Body(message));
        bench.Send("old");
        bench.Send("hidden", 50);
        bench.Send("received");
        bench.Send("deleted late");
        bench.Advance(10);
        bench.Send("young");
        Assert.Equal("old received", bench.Receive(2));
        var handle = bench.ReceiveOne().ReceiptHandle;
        bench.Advance(50.001);
        Assert.Equal(0, bench.Queue.Delete(handle));
        Assert.Equal("young", bench.Look());
        Assert.Equal("young", bench.Receive());
        Assert.Equal(["deleted late", "hidden", "old", "received"], told.Order(StringComparer.Ordinal));
        Assert.Equal(4, bench.Queue.ExpiredCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Rule", "queues.redrive")]
    public void The_receive_that_would_be_one_too_many_moves_the_message_to_the_dead_letter_queue(int most)
    {
        var bench = QueueBench.WithDeadLetters(most);
        bench.Send("poison");
        for (var i = 1; i <= most; i++)
        {
            Assert.Equal(i, bench.ReceiveOne().ReceiveCount);
            bench.Advance(30);
            Assert.Empty(bench.Dead!.Look());
        }
        bench.Send("next");
        Assert.Equal("next", bench.Receive());
        Assert.Equal("next", bench.Look());
        Assert.Equal("poison", QueueBench.Body(Assert.Single(bench.Dead!.Look())));
    }

    [Fact]
    [Trait("Rule", "queues.dead-letter-age")]
    public void A_dead_letter_keeps_its_id_and_sent_time_names_its_source_and_is_counted_anew()
    {
        var bench = QueueBench.WithDeadLetters(1);
        var id = bench.Send("x").MessageId;
        var sent = 0;
        bench.Dead!.Sent += _ => sent++;
        bench.ReceiveOne();
        bench.Advance(40);
        Assert.Equal("", bench.Receive());
        var received = Assert.Single(bench.Dead.Receive(1));
        Assert.Equal((id, 1, 0), (received.Message.Id.ToString(), received.ReceiveCount, sent));
        Assert.Equal(QueueBench.Start, received.Message.SentAt);
        Assert.Equal(bench.Queue.Arn, received.Message.DeadLetterSource);
    }

    [Fact]
    [Trait("Rule", "queues.dead-letter-age")]
    public void A_dead_letter_s_retention_counts_from_when_it_was_first_sent()
    {
        var bench = QueueBench.WithDeadLetters(1);
        bench.Send("x");
        bench.ReceiveOne();
        bench.Advance(TimeSpan.FromDays(3.9).TotalSeconds);
        bench.Receive();
        Assert.Single(bench.Dead!.Look());
        bench.Advance(TimeSpan.FromDays(0.2).TotalSeconds);
        Assert.Empty(bench.Dead.Look());
        Assert.Equal((0, 1), (bench.Queue.ExpiredCount, bench.Dead.ExpiredCount));
    }

    [Fact]
    public void A_receive_ends_before_the_first_message_that_does_not_fit()
    {
        var bench = new QueueBench();
        foreach (var body in new[] { "a", "b", "too long", "c" })
        {
            bench.Send(body);
        }
        Assert.Equal(2, bench.Queue.Receive(10, fits: message => message.Body.Length == 1).Count);
        Assert.Equal("too long c", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.long-poll")]
    public void Who_waits_is_woken_when_a_whole_request_is_in_and_when_a_message_shows_again()
    {
        var bench = new QueueBench();
        var got = new List<(double, string)>();
        bench.Scheduler.Start(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await bench.Queue.WaitAsync();
                got.Add((bench.Now.TotalSeconds, bench.Receive()));
            }
        });
        bench.Scheduler.RunUntilIdle();
        Assert.Empty(got);
        bench.Queue.SendMessageBatch([new SendEntry("a", "a"), new SendEntry("b", "b", TimeSpan.FromSeconds(3)),
            new SendEntry("c", "c")]);
        bench.Scheduler.RunUntilIdle();
        Assert.Equal([(0, "a c"), (3, "b"), (30, "a c")], got);
    }

    [Fact]
    [Trait("Rule", "queues.long-poll")]
    public void A_wait_ends_at_its_time_when_nothing_comes()
    {
        var bench = new QueueBench();
        bench.Send("x", 900);
        bench.Scheduler.Start(() => bench.Queue.WaitAsync(QueueBench.Start.AddSeconds(20)));
        bench.Scheduler.RunUntilIdle();
        Assert.Equal(20, bench.Now.TotalSeconds);
    }

    [Fact]
    public void Without_anyone_waiting_hidden_messages_move_no_clock()
    {
        var bench = new QueueBench();
        bench.Send("delayed", 60);
        bench.Send("received");
        bench.ReceiveOne();
        bench.Scheduler.RunUntilIdle();
        Assert.Equal(TimeSpan.Zero, bench.Now);
    }

    [Fact]
    public void Who_waits_for_a_message_that_is_deleted_meanwhile_moves_no_clock()
    {
        var bench = new QueueBench();
        bench.Send("x");
        var handle = bench.ReceiveOne().ReceiptHandle;
        bench.Scheduler.Start(() => bench.Queue.WaitAsync());
        bench.Scheduler.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2), bench.Scheduler.Clock);
            bench.Queue.Delete(handle);
        });
        bench.Scheduler.RunUntilIdle();
        Assert.Equal(2, bench.Now.TotalSeconds);
    }

    private static void SendMany(QueueBench bench, int count)
    {
        foreach (var ten in Enumerable.Range(0, count).Chunk(10))
        {
            bench.Queue.SendMessageBatch([.. ten.Select(i => new SendEntry($"{i}", $"{i}"))]);
        }
    }
}
