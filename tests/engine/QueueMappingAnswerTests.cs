using Pipeline.Core;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What an answer means for the messages of its batch: deleted, or left to come again.</summary>
public sealed class QueueMappingAnswerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"batchItemFailures":null}""")]
    [InlineData("""{"batchItemFailures":[]}""")]
    [InlineData("""{"somethingElse":1}""")]
    [Trait("Rule", "queue-mapping.success")]
    public void Complete_success_deletes_everything(string answer)
    {
        using var bed = Deliver(_ => answer);
        Assert.Equal(["0 1 2 3"], bed.Batches);
        Assert.Empty(bed.Queue.Look());
        Assert.Empty(bed.Dead.Look());
    }

    [Theory]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":""}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":null}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifierr":"1"}]}""")]
    [InlineData("""{"batchItemFailures":[{}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"00000000-0000-0000-0000-000000000000"}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":4711}]}""")]
    [InlineData("""{"batchItemFailures":["4711"]}""")]
    [InlineData("""{"batchItemFailures":"4711"}""")]
    [InlineData("not json")]
    [Trait("Rule", "queue-mapping.partial-failure")]
    public void Complete_failure_leaves_everything_to_the_visibility_timeout(string answer)
    {
        using var bed = Deliver(_ => answer);
        Assert.Equal(["0 1 2 3", "0 1 2 3"], bed.Batches);
        Assert.Equal([0, 60], bed.Times);
        Assert.Equal([2, 2, 2, 2], bed.Invocations[1].ReceiveCounts);
        Assert.Equal(4, bed.Dead.Look().Count);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.failure")]
    public void An_exception_of_the_function_is_a_complete_failure()
    {
        using var bed = Deliver(_ => throw new InvalidOperationException("broken"));
        Assert.Equal([0, 60], bed.Times);
        Assert.Equal(4, bed.Dead.Look().Count);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.failure")]
    public void A_timeout_of_the_function_is_a_complete_failure()
    {
        using var bed = new QueueBed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(31), invocation.Time);
                return "";
            },
            new QueueBedOptions { ReceiveCountMax = 2 });
        bed.Send("x");
        bed.Run();
        Assert.Equal([0, 60], bed.Times);
        Assert.Single(bed.Dead.Look());
        Assert.Equal(120, bed.Now.TotalSeconds);
    }

    [Theory]
    [InlineData(new[] { 1 }, "1")]
    [InlineData(new[] { 0, 3 }, "0 3")]
    [InlineData(new[] { 3, 1, 3 }, "1 3")]
    [InlineData(new[] { 0, 1, 2, 3 }, "0 1 2 3")]
    [Trait("Rule", "queue-mapping.partial")]
    public void Only_the_messages_named_come_again(int[] failed, string expected)
    {
        var answers = 0;
        using var bed = Deliver(i => answers++ == 0 ? i.Failed(failed.Select(body => $"{body}")) : Bed.Success);
        Assert.Equal(["0 1 2 3", expected], bed.Batches);
        Assert.Equal([0, 60], bed.Times);
        Assert.Empty(bed.Dead.Look());
    }

    [Fact]
    [Trait("Rule", "queue-mapping.partial-failure")]
    public void An_identifier_outside_the_batch_spoils_a_partial_answer()
    {
        var answers = 0;
        using var bed = Deliver(i => answers++ == 0 ? Bed.Failed(i.Ids[2], "4711") : Bed.Success);
        Assert.Equal(["0 1 2 3", "0 1 2 3"], bed.Batches);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.partial-failure")]
    public void A_message_that_is_in_its_batch_twice_and_failed_is_not_deleted()
    {
        using var bed = new QueueBed(
            invocation => Task.FromResult(
                invocation.Bodies.Length > 1 ? Bed.Failed(invocation.Ids) : Bed.Success),
            new QueueBedOptions { Mapping = "\"BatchSize\": 100, \"MaximumBatchingWindowInSeconds\": 30" });
        bed.Send("0");
        // While the batch is gathered the clock leaps beyond the visibility timeout.
        bed.At(10, () => bed.Engine.Scheduler.Jump(TimeSpan.FromMinutes(30)));
        bed.Run();
        Assert.Equal(["0 0", "0"], bed.Batches);
        Assert.Empty(bed.Queue.Look());
    }

    [Fact]
    [Trait("Rule", "queue-mapping.partial-unlisted")]
    public void An_answer_is_ignored_unless_the_mapping_asks_for_reports()
    {
        using var bed = new QueueBed(
            new QueueBedOptions { Mapping = "\"FunctionResponseTypes\": []", ReceiveCountMax = 2 }, Bed.Failed(""));
        bed.SendMany(4);
        bed.Run();
        Assert.Equal(["0 1 2 3"], bed.Batches);
        Assert.Empty(bed.Queue.Look());
    }

    [Fact]
    [Trait("Rule", "queue-mapping.no-retry-count")]
    public void The_mapping_counts_no_retries_without_a_redrive_policy_a_message_comes_until_it_expires()
    {
        using var bed = new QueueBed(
            new QueueBedOptions { Queue = "\"MessageRetentionPeriod\": 3600" }, answer: "broken");
        bed.Send("poison");
        bed.Run();
        Assert.Equal(61, bed.Invocations.Count);
        Assert.Equal(Enumerable.Range(1, 61), bed.Invocations.SelectMany(invocation => invocation.ReceiveCounts));
        Assert.Equal(1, bed.Queue.ExpiredCount);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.no-retry-count")]
    public void Poison_goes_to_the_dead_letters_and_its_neighbours_do_not()
    {
        using var bed = new QueueBed(
            invocation => invocation.Bodies.Contains("poison")
                ? throw new InvalidOperationException("poisoned")
                : Task.FromResult(Bed.Success),
            new QueueBedOptions { Mapping = "\"BatchSize\": 1", ReceiveCountMax = 3 });
        bed.Send("0", "1", "poison", "3", "4");
        bed.Run();
        Assert.Equal("poison", QueueBench.Body(Assert.Single(bed.Dead.Look())));
        Assert.Equal([0, 60, 120], bed.Invocations.Where(i => i.Text == "poison").Select(i => i.At.TotalSeconds));
        Assert.Equal(7, bed.Invocations.Count);
    }

    [Theory]
    [InlineData(30, 0, 30)]
    [InlineData(60, 30, 60)]
    [InlineData(60, 31, 91)]
    [InlineData(30, 300, 360)]
    [Trait("Rule", "queue-mapping.visibility-margin")]
    public void A_visibility_timeout_shorter_than_window_and_timeout_is_lengthened(
        int visibility, int window, double expected)
    {
        using var bed = new QueueBed(
            new QueueBedOptions
            {
                Queue = $"\"VisibilityTimeout\": {visibility}",
                Mapping = $"\"MaximumBatchingWindowInSeconds\": {window}, \"BatchSize\": 1",
                ReceiveCountMax = 2,
            },
            answer: "broken");
        bed.Send("x");
        bed.Run();
        Assert.Equal([0, expected], bed.Times);
    }

    [Fact]
    [Trait("Rule", "queue-mapping.at-least-once")]
    public void A_delete_that_is_lost_lets_the_batch_come_again_after_its_visibility_timeout()
    {
        using var bed = new QueueBed(new QueueBedOptions { Faults = new LostOnce(), ReceiveCountMax = 5 });
        bed.SendMany(3);
        bed.Run();
        Assert.Equal(["0 1 2", "0 1 2"], bed.Batches);
        Assert.Equal([0, 60], bed.Times);
        Assert.Empty(bed.Queue.Look());
        Assert.Empty(bed.Dead.Look());
    }

    [Fact]
    public void Sends_can_be_refused_and_a_dying_invocation_leaves_its_messages()
    {
        var results = new List<SendResult>();
        using var bed = new QueueBed(
            async invocation =>
            {
                if (invocation.Bodies is ["start"])
                {
                    results.AddRange(await invocation.Ports.Queues.SendMessageBatchAsync(
                        "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs",
                        [new SendEntry("1", "1"), new SendEntry("2", "2")], default));
                }
                return "";
            },
            new QueueBedOptions { Faults = new RefuseFirstAndDie() });
        bed.Send("start");
        bed.Run();
        Assert.Equal(["InternalError", null, null, null], results.Select(result => result.ErrorCode));
        // The message that was taken is delivered at once; what the dead invocation had comes after its timeout.
        Assert.Equal(["start", "2", "start", "1 2"], bed.Batches);
        Assert.Equal([0, 0, 60, 60], bed.Times);
    }

    private static QueueBed Deliver(Func<QueueInvocation, string> answer)
    {
        var bed = new QueueBed(
            invocation => Task.FromResult(answer(invocation)), new QueueBedOptions { ReceiveCountMax = 2 });
        bed.SendMany(4);
        bed.Run();
        return bed;
    }

    private sealed class LostOnce : Faults
    {
        private bool _lost;

        public override bool OnBatchDone(string function) => function == "Work" && !_lost && (_lost = true);
    }

    private sealed class RefuseFirstAndDie : Faults
    {
        /// <summary>The first is the test's own.</summary>
        private int _sends;
        private int _invocations;

        public override bool OnSend(string queue) => queue == "Jobs" && _sends++ == 1;

        public override Crash OnInvocation(string function) =>
            _invocations++ == 0 ? Crash.BeforeReport : Crash.None;
    }
}
