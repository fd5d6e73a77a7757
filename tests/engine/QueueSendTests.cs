using Pipeline.Core;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What a queue takes, entry by entry, and what it refuses as a whole.</summary>
public sealed class QueueSendTests
{
    private static readonly string Mebibyte = new('x', Limits.MessageBytesMax);

    public static TheoryData<string, (string Id, string Body)[]> BrokenRequests => new()
    {
        { "EmptyBatchRequest", [] },
        { "TooManyEntriesInBatchRequest", [.. Enumerable.Range(0, 11).Select(i => ($"{i}", "x"))] },
        { "BatchEntryIdsNotDistinct", [("a", "x"), ("b", "x"), ("a", "y")] },
        { "InvalidBatchEntryId", [("a", "x"), ("", "y")] },
        { "InvalidBatchEntryId", [("a.b", "x")] },
        { "InvalidBatchEntryId", [("ä", "x")] },
        { "InvalidBatchEntryId", [(new string('a', 81), "x")] },
        { "BatchRequestTooLong", [("a", Mebibyte), ("b", "x")] },
        { "BatchRequestTooLong", [("a", Mebibyte + "x")] },
        { "BatchRequestTooLong", [("a", new string('é', (Limits.MessageBytesMax / 2) + 1))] },
    };

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    [Trait("Rule", "queues.request-limits")]
    public void A_request_that_breaks_the_api_is_refused_whole(string code, (string Id, string Body)[] entries)
    {
        var bench = new QueueBench();
        var refused = Assert.Throws<ServiceException>(
            () => bench.Queue.SendMessageBatch([.. entries.Select(entry => new SendEntry(entry.Id, entry.Body))]));
        Assert.StartsWith($"{code}: SendMessageBatch on Jobs: ", refused.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Queue.Look());
    }

    [Fact]
    [Trait("Rule", "queues.request-limits")]
    public void A_request_at_its_limits_is_taken()
    {
        var bench = new QueueBench();
        var results = bench.Queue.SendMessageBatch(
        [
            new SendEntry(new string('Z', 80), Mebibyte[..^9]),
            .. Enumerable.Range(0, 9).Select(i => new SendEntry($"a-_{i}", "x", TimeSpan.FromSeconds(900))),
        ]);
        Assert.All(results, result => Assert.True(result.Accepted));
        Assert.Equal(10, bench.Queue.Look().Count);
    }

    [Theory]
    [InlineData("", "MissingParameter")]
    [InlineData("a\0", "InvalidMessageContents")]
    [InlineData("a\u001fb", "InvalidMessageContents")]
    [InlineData("\ufffe", "InvalidMessageContents")]
    [InlineData("\uffff", "InvalidMessageContents")]
    [Trait("Rule", "queues.bodies")]
    public void A_body_that_is_not_allowed_is_its_sender_s_fault_and_stops_no_other(string body, string code)
    {
        var bench = new QueueBench();
        var results = bench.Queue.SendMessageBatch(
            [new SendEntry("1", "first"), new SendEntry("2", body), new SendEntry("3", "third")]);
        Assert.Equal([("1", true), ("2", false), ("3", true)], results.Select(r => (r.Id, r.Accepted)));
        Assert.Equal((code, true, null), (results[1].ErrorCode, results[1].SenderFault, results[1].MessageId));
        Assert.Equal("first third", bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.bodies")]
    public void Half_a_surrogate_pair_is_not_allowed() => Assert.All(
        ["\ud800", "\ud800x", "x\udc00", "\udc00\ud800"],
        body => Assert.Equal("InvalidMessageContents", new QueueBench().Send(body).ErrorCode));

    [Theory]
    [InlineData("\t\n\r ~\u007f\u0085")]
    [InlineData("\ud7ff\ue000\ufffd")]
    [InlineData("\ud83d\ude00 \udbff\udfff")]
    [Trait("Rule", "queues.bodies")]
    public void Every_allowed_character_comes_back_as_it_was(string body)
    {
        var bench = new QueueBench();
        Assert.True(bench.Send(body).Accepted);
        Assert.Equal(body, bench.Receive());
    }

    [Fact]
    [Trait("Rule", "queues.bodies")]
    public void A_message_over_the_queue_s_own_limit_is_its_sender_s_fault()
    {
        var bench = new QueueBench(QueueBench.Defaults with { MessageBytesMax = 1024 });
        Assert.True(bench.Send(new string('x', 1024)).Accepted);
        var refused = bench.Send(new string('é', 513));
        Assert.Equal(("InvalidParameterValue", true), (refused.ErrorCode, refused.SenderFault));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(901)]
    [InlineData(1.5)]
    [Trait("Rule", "queues.delay")]
    public void A_delay_out_of_range_is_its_sender_s_fault(double seconds)
    {
        var refused = new QueueBench().Send("x", seconds);
        Assert.Equal(("InvalidParameterValue", true), (refused.ErrorCode, refused.SenderFault));
    }

    [Fact]
    public void What_is_taken_has_a_message_id_of_its_own_and_is_told_once()
    {
        var bench = new QueueBench();
        var told = new List<QueueMessage>();
        bench.Queue.Sent += told.Add;
        bench.Advance(5);
        var results = bench.Queue.SendMessageBatch([new SendEntry("a", "x"), new SendEntry("b", "\0")]);
        var later = bench.Send("y", 60);
        Assert.Equal([results[0].MessageId!, later.MessageId!], told.Select(message => message.Id.ToString()));
        Assert.NotEqual(results[0].MessageId, later.MessageId);
        Assert.Equal(["x", "y"], told.Select(QueueBench.Body));
        Assert.All(told, message => Assert.Equal(QueueBench.Start.AddSeconds(5), message.SentAt));
    }

    [Fact]
    [Trait("Rule", "queues.entry-errors")]
    public void An_entry_that_the_service_fails_to_take_may_be_sent_again()
    {
        var bench = new QueueBench();
        var refusals = new Queue<bool>([false, true, false]);
        bench.Queue.RefuseSend = () => refusals.Dequeue();
        var results = bench.Queue.SendMessageBatch(
            [new SendEntry("1", "1"), new SendEntry("2", "2"), new SendEntry("3", "3")]);
        Assert.Equal(("InternalError", false), (results[1].ErrorCode, results[1].SenderFault));
        Assert.Equal("1 3", bench.Receive());
    }
}
