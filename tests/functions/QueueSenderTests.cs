using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Time;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

public class QueueSenderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Scheduler _scheduler = new(Start);
    private readonly FakeQueue _queue;

    public QueueSenderTests() => _queue = new FakeQueue(_scheduler, []);

    [Fact]
    public void A_request_holds_messages_of_one_queue_and_as_many_as_the_service_takes()
    {
        var messages = Enumerable.Range(0, 36).Select(i => (i % 3 == 0 ? "low" : "high", Id(i)));

        Assert.Empty(Send([.. messages]).Left);

        Assert.Equal(
            [("low", 10), ("high", 10), ("high", 10), ("low", 2), ("high", 4)],
            _queue.Requests.Select(request => (request.Queue, request.Entries.Count)));
        Assert.Equal(
            Enumerable.Range(0, 36).Select(Id), _queue.Accepted.Select(sent => sent.Entry.Body).OrderBy(int.Parse));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public void A_request_holds_as_many_bytes_as_the_service_takes(int more, int first)
    {
        // Two bytes a character, so that characters are not taken for bytes.
        var half = new string('é', Limits.SendBatchBytesMax / 4);

        Assert.Empty(Send(("q", half), ("q", half + new string('x', more))).Left);

        Assert.Equal(first, _queue.Requests[0].Entries.Count);
        Assert.Equal(2, _queue.Accepted.Count);
    }

    [Fact]
    public void Only_the_entries_that_failed_are_sent_again_and_behind_the_others()
    {
        _queue.Refuses = (request, entry) => request == 0 && entry.Body is "b" or "d" ? "InternalError" : null;
        var more = Enumerable.Range(0, 10).Select(i => ("q", "m" + Id(i)));

        var sent = Send([("q", "a"), ("q", "b"), ("q", "c"), ("p", "d"), .. more]);

        Assert.Empty(sent.Left);
        Assert.Equal(["a b c m0 m1 m2 m3 m4 m5 m6", "d", "m7 m8 m9 b"], _queue.Requests.Take(3).Select(Bodies));
    }

    [Theory]
    [InlineData(RequestFault.Lost, 2)]
    [InlineData(RequestFault.AnswerLost, 4)]
    public void A_request_that_failed_as_a_whole_is_sent_again_as_a_whole(RequestFault fault, int copies)
    {
        _queue.Breaks = request => request == 0 ? fault : RequestFault.None;

        var sent = Send(("q", "a"), ("q", "b"));

        Assert.Empty(sent.Left);
        Assert.Equal(["a b", "a b"], _queue.Requests.Select(Bodies));
        Assert.Equal((copies, 2), (_queue.Accepted.Count, sent.Retries));
    }

    [Fact]
    public void A_queue_that_fails_holds_no_other_up()
    {
        _queue.Refuses = (request, entry) => entry.Body[0] == 'x' ? "InternalError" : null;

        var sent = Send([.. Enumerable.Range(0, 20).Select(i => ("down", "x" + Id(i))), ("up", "a")]);

        Assert.Equal(20, sent.Left.Count);
        Assert.Equal("a", Assert.Single(_queue.Accepted).Entry.Body);
        Assert.True(_queue.Requests.Single(request => request.Queue == "up").At < Start.AddSeconds(1));
    }

    [Fact]
    public void An_entry_that_is_wrong_itself_is_answered_and_not_sent_again()
    {
        _queue.Refuses = (_, entry) => entry.Body == "b" ? FakeQueue.Invalid : null;

        var sent = Send(("q", "a"), ("q", "b"), ("q", "c"));

        Assert.Empty(sent.Left);
        Assert.Equal(["a b c"], _queue.Requests.Select(Bodies));
        var refused = Assert.Single(sent.Refused);
        Assert.Equal(("b", 1), (refused.Message.Entry.Body, refused.Message.Number));
        Assert.Equal(
            "its queue refuses it with InvalidMessageContents (InvalidMessageContents)", refused.Problem);
        Assert.Equal(0, sent.Retries);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void A_message_that_is_too_large_never_leaves(int more, int refused)
    {
        var large = new string('é', Limits.MessageBytesMax / 2) + new string('x', more);

        var sent = Send(("q", "a"), ("q", large), ("q", "c"));

        Assert.Empty(sent.Left);
        Assert.Equal(refused, sent.Refused.Count);
        Assert.Equal(3 - refused, _queue.Accepted.Count);
        Assert.All(sent.Refused, message => Assert.Equal(
            "it has 1048577 bytes; a message may have 1048576", message.Problem));
    }

    [Fact]
    public void An_entry_without_an_answer_counts_as_failed_and_answers_may_come_in_any_order()
    {
        var port = new ForgetfulQueue(_queue);

        var sent = Send(port, TimeSpan.FromSeconds(50), ("q", "a"), ("q", "b"), ("q", "c"));

        Assert.Empty(sent.Left);
        Assert.Equal(["a b c", "a"], _queue.Requests.Select(Bodies));
        Assert.Equal(1, sent.Retries);
    }

    [Fact]
    public void What_is_not_accepted_when_the_deadline_comes_is_answered()
    {
        _queue.Refuses = (_, entry) => entry.Body is "b" or "d" ? "InternalError" : null;

        var sent = Send(_queue, TimeSpan.FromSeconds(5), ("q", "a"), ("q", "b"), ("p", "c"), ("p", "d"));

        Assert.Equal(["b", "d"], sent.Left.Select(message => message.Entry.Body).Order());
        Assert.Equal(["a", "c"], _queue.Accepted.Select(taken => taken.Entry.Body).Order());
        Assert.True(_queue.Requests.Count > 4);
        Assert.True(_scheduler.Now < Start + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void No_request_begins_after_the_deadline()
    {
        _queue.Takes = TimeSpan.FromSeconds(3);

        var sent = Send(_queue, TimeSpan.FromSeconds(5), ("a", "1"), ("b", "2"), ("c", "3"));

        Assert.Equal(["1", "2"], _queue.Requests.Select(Bodies));
        Assert.Equal("3", Assert.Single(sent.Left).Entry.Body);
    }

    [Fact]
    public void Waits_grow_while_requests_fail_and_are_short_again_after_one_that_went_well()
    {
        _queue.Refuses = (request, _) => request is < 6 or 7 ? "InternalError" : null;

        Assert.Empty(Send(("q", "a"), ("p", "b")).Left);

        var waits =
            _queue.Requests.Zip(_queue.Requests.Skip(1), (one, next) => next.At - one.At).ToList();
        Assert.True(waits[5] > TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.Zero, waits[6]);
        Assert.True(waits[7] <= TimeSpan.FromMilliseconds(50));
    }

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Bodies((DateTimeOffset At, string Queue, IReadOnlyList<SendEntry> Entries) request) =>
        string.Join(' ', request.Entries.Select(entry => entry.Body));

    private Sent Send(params (string Queue, string Body)[] messages) =>
        Send(_queue, TimeSpan.FromMinutes(5), messages);

    private Sent Send(IQueuePort port, TimeSpan limit, params (string Queue, string Body)[] messages)
    {
        var clock = _scheduler.Clock;
        var sender = new QueueSender(port, clock, new Random(1));
        OutgoingMessage[] outgoing =
            [.. messages.Select((sent, i) => new OutgoingMessage(sent.Queue, new SendEntry(Id(i), sent.Body), i))];
        IReadOnlyList<OutgoingMessage> left = outgoing;
        _scheduler.Start(async () => left = await sender.SendAsync(
            outgoing, new Deadline(clock, clock.GetTimestamp(), limit), CancellationToken.None));
        _scheduler.RunUntilIdle();
        return new Sent(left, sender.Refused, sender.Retries);
    }

    private sealed record Sent(
        IReadOnlyList<OutgoingMessage> Left, IReadOnlyList<RefusedMessage> Refused, int Retries);

    /// <summary>Answers the first request backwards and but for its first entry.</summary>
    private sealed class ForgetfulQueue(FakeQueue queue) : IQueuePort
    {
        public async ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
            string name, IReadOnlyList<SendEntry> entries, CancellationToken cancellation)
        {
            var results = await queue.SendMessageBatchAsync(name, entries, cancellation);
            return queue.Requests.Count == 1 ? [.. results.Skip(1).Reverse()] : results;
        }
    }
}
