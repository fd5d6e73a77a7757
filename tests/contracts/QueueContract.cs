using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>What SQS promises of a standard queue; every implementation is held to it.</summary>
public abstract class QueueContract
{
    private static readonly string s_mebibyte = new('x', Limits.MessageBytesMax);

    public static TheoryData<string, (string Id, string Body)[]> BrokenRequests => new()
    {
        { "EmptyBatchRequest", [] },
        { "TooManyEntriesInBatchRequest", [.. Enumerable.Range(0, 11).Select(i => ($"{i}", "x"))] },
        { "BatchEntryIdsNotDistinct", [("a", "x"), ("b", "x"), ("a", "y")] },
        { "InvalidBatchEntryId", [("a", "x"), ("b.c", "x")] },
        { "InvalidBatchEntryId", [("ä", "x")] },
        { "BatchRequestTooLong", [("a", s_mebibyte), ("b", "x")] },
        { "BatchRequestTooLong", [("a", s_mebibyte + "x")] },
        { "BatchRequestTooLong", [("a", new string('é', (Limits.MessageBytesMax / 2) + 1))] },
    };

    [Fact]
    public async Task What_is_sent_is_received_by_its_message_id()
    {
        var (service, queue) = await CreateAsync();
        var sent = Assert.Single(await service.SendAsync(queue, [new SendEntry("entry", "body")]));
        var message = Assert.Single(await service.ReceiveAsync(queue));
        Assert.Equal(("entry", true), (sent.Id, sent.Accepted));
        Assert.Equal((sent.MessageId, "body", 1), (message.MessageId, message.Body, message.ReceiveCount));
    }

    [Theory]
    [MemberData(nameof(BrokenRequests))]
    public async Task A_request_that_breaks_the_api_is_refused_whole(string code, (string Id, string Body)[] entries)
    {
        var (service, queue) = await CreateAsync();
        await RefusedAsync(
            code, () => service.SendAsync(queue, [.. entries.Select(entry => new SendEntry(entry.Id, entry.Body))]));
        Assert.Empty(await service.ReceiveAsync(queue));
    }

    [Fact]
    public async Task An_id_of_81_characters_is_refused_and_one_of_80_is_taken()
    {
        var (service, queue) = await CreateAsync();
        Assert.True(await IsTakenAsync(service, queue, new SendEntry(new string('a', 80), "x")));
        await Deviations.LongEntryIds.CheckAsync(service.Deviations, () => RefusedAsync(
            "InvalidBatchEntryId", () => service.SendAsync(queue, [new SendEntry(new string('a', 81), "x")])));
    }

    [Fact]
    public async Task A_request_at_its_limits_is_taken()
    {
        var (service, queue) = await CreateAsync();
        SendEntry[] entries =
        [
            new("largest", s_mebibyte[..^9]), .. Enumerable.Range(0, 9).Select(i => new SendEntry($"a-_{i}", "x")),
        ];
        var results = await service.SendAsync(queue, entries);
        Assert.All(results, result => Assert.True(result.Accepted));
        Assert.Equal(entries.Select(entry => entry.Id).Order(), results.Select(result => result.Id).Order());
    }

    [Theory]
    [InlineData("a\0")]
    [InlineData("a\u001fb")]
    [InlineData("\ufffe")]
    [InlineData("\uffff")]
    public async Task A_body_that_is_not_allowed_is_its_sender_s_fault_and_stops_no_other(string body)
    {
        var (service, queue) = await CreateAsync();
        var results = await service.SendAsync(
            queue, [new SendEntry("1", "first"), new SendEntry("2", body), new SendEntry("3", "third")]);
        var refused = Assert.Single(results, result => !result.Accepted);
        Assert.Equal(("2", "InvalidMessageContents", true), (refused.Id, refused.ErrorCode, refused.SenderFault));
        Assert.Equal(["first", "third"], await BodiesAsync(service, queue));
    }

    [Fact]
    public async Task A_message_has_a_body()
    {
        var (service, queue) = await CreateAsync();
        await Deviations.EmptyBodies.CheckAsync(service.Deviations, async () =>
            Assert.False(await IsTakenAsync(service, queue, new SendEntry("empty", ""))));
    }

    [Theory]
    [InlineData("\t\n\r ~\u007f\u0085")]
    [InlineData("\ud7ff\ue000\ufffd \u00e9 \"\\\u2028</")]
    public async Task Every_allowed_character_comes_back_as_it_was(string body)
    {
        var (service, queue) = await CreateAsync();
        Assert.True(await IsTakenAsync(service, queue, new SendEntry("1", body)));
        Assert.Equal([body], await BodiesAsync(service, queue));
    }

    [Fact]
    public async Task Supplementary_characters_come_back_as_they_were()
    {
        var (service, queue) = await CreateAsync();
        await Deviations.NoSupplementaryCharacters.CheckAsync(service.Deviations, async () =>
        {
            Assert.True(await IsTakenAsync(service, queue, new SendEntry("1", "\U0001F600 \U0010FFFD")));
            Assert.Equal(["\U0001F600 \U0010FFFD"], await BodiesAsync(service, queue));
        });
    }

    [Fact]
    public async Task A_message_over_the_queue_s_own_limit_is_its_sender_s_fault()
    {
        var (service, queue) = await CreateAsync(new QueueSettings(MessageBytesMax: 1024));
        var results = await service.SendAsync(
            queue, [new SendEntry("fits", new string('x', 1024)), new SendEntry("not", new string('é', 513))]);
        var refused = Assert.Single(results, result => !result.Accepted);
        Assert.Equal(("not", "InvalidParameterValue", true), (refused.Id, refused.ErrorCode, refused.SenderFault));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(901)]
    public async Task A_delay_out_of_range_is_its_sender_s_fault(int seconds)
    {
        var (service, queue) = await CreateAsync();
        await Deviations.AnyDelay.CheckAsync(service.Deviations, async () =>
        {
            var refused = Assert.Single(
                await service.SendAsync(queue, [new SendEntry("1", "x", TimeSpan.FromSeconds(seconds))]));
            Assert.Equal((false, true), (refused.Accepted, refused.SenderFault));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public async Task A_receive_is_of_one_to_ten_messages(int count)
    {
        var (service, queue) = await CreateAsync();
        await RefusedAsync("InvalidParameterValue", () => service.ReceiveAsync(queue, count));
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_said_to_be_so()
    {
        var (service, _) = await CreateAsync();
        await RefusedAsync(
            "QueueDoesNotExist", () => service.SendAsync(service.MissingQueue, [new SendEntry("1", "x")]));
        await RefusedAsync("QueueDoesNotExist", () => service.ReceiveAsync(service.MissingQueue));
    }

    [Fact]
    public async Task A_received_message_is_hidden_and_a_deleted_one_gone()
    {
        var (service, queue) = await CreateAsync();
        await SendAsync(service, queue, "kept", "deleted");
        var messages = await service.ReceiveAsync(queue);
        Assert.Empty(await service.ReceiveAsync(queue));

        var deleted = messages.Single(message => message.Body == "deleted").ReceiptHandle;
        await service.DeleteAsync(queue, deleted);
        await service.DeleteAsync(queue, deleted);
        await service.ChangeVisibilityAsync(
            queue, messages.Single(message => message.Body == "kept").ReceiptHandle, 0);
        Assert.Equal(["kept"], await BodiesAsync(service, queue));
    }

    [Fact]
    public async Task Each_receive_counts_and_only_its_own_handle_changes_visibility()
    {
        var (service, queue) = await CreateAsync();
        await SendAsync(service, queue, "x");
        var first = Assert.Single(await service.ReceiveAsync(queue));
        await service.ChangeVisibilityAsync(queue, first.ReceiptHandle, 0);
        var second = Assert.Single(await service.ReceiveAsync(queue));

        Assert.Equal((1, 2), (first.ReceiveCount, second.ReceiveCount));
        Assert.Equal(first.MessageId, second.MessageId);
        Assert.NotEqual(first.ReceiptHandle, second.ReceiptHandle);
        await RefusedAsync(
            "MessageNotInflight", () => service.ChangeVisibilityAsync(queue, first.ReceiptHandle, 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(43_201)]
    public async Task A_visibility_timeout_is_of_0_to_12_hours(int seconds)
    {
        var (service, queue) = await CreateAsync();
        await SendAsync(service, queue, "x");
        await RefusedAsync("InvalidParameterValue", () => service.ReceiveAsync(queue, 1, seconds));
        var handle = Assert.Single(await service.ReceiveAsync(queue)).ReceiptHandle;
        await RefusedAsync("InvalidParameterValue", () => service.ChangeVisibilityAsync(queue, handle, seconds));
    }

    [Fact]
    public async Task A_message_that_nobody_deletes_is_received_again_when_its_visibility_timeout_is_over()
    {
        var (service, queue) = await CreateAsync(new QueueSettings(VisibilitySeconds: 1));
        await SendAsync(service, queue, "x");
        await service.ReceiveAsync(queue);
        Assert.Equal(2, Assert.Single(await service.ReceiveAsync(queue, waitSeconds: 20)).ReceiveCount);
    }

    [Fact]
    public async Task A_delayed_message_is_received_when_its_delay_is_over()
    {
        var (service, queue) = await CreateAsync();
        await service.SendAsync(queue, [new SendEntry("1", "later", TimeSpan.FromSeconds(1))]);
        Assert.Equal("later", Assert.Single(await service.ReceiveAsync(queue, waitSeconds: 20)).Body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_receive_that_would_be_one_too_many_moves_the_message_to_the_dead_letter_queue(int most)
    {
        var (service, dead) = await CreateAsync();
        var queue = await service.CreateAsync(new QueueSettings(DeadLetters: dead, ReceiveCountMax: most));
        var id = Assert.Single(await service.SendAsync(queue, [new SendEntry("1", "poison")])).MessageId;
        for (var i = 1; i <= most; i++)
        {
            var received = Assert.Single(await service.ReceiveAsync(queue));
            Assert.Equal(i, received.ReceiveCount);
            await service.ChangeVisibilityAsync(queue, received.ReceiptHandle, 0);
            Assert.Empty(await service.ReceiveAsync(dead));
        }
        Assert.Empty(await service.ReceiveAsync(queue));
        var letter = Assert.Single(await service.ReceiveAsync(dead));
        Assert.Equal((id, "poison"), (letter.MessageId, letter.Body));
    }

    /// <summary>The service under test.</summary>
    protected abstract Task<IQueueService> ServiceAsync();

    private async Task<(IQueueService Service, string Queue)> CreateAsync(QueueSettings? settings = null)
    {
        var service = await ServiceAsync();
        return (service, await service.CreateAsync(settings ?? new QueueSettings()));
    }

    private static async Task SendAsync(IQueueService service, string queue, params IEnumerable<string> bodies) =>
        Assert.All(
            await service.SendAsync(queue, [.. bodies.Select((body, index) => new SendEntry($"{index}", body))]),
            result => Assert.True(result.Accepted));

    private static async Task<bool> IsTakenAsync(IQueueService service, string queue, SendEntry entry) =>
        Assert.Single(await service.SendAsync(queue, [entry])).Accepted;

    private static async Task<IEnumerable<string>> BodiesAsync(IQueueService service, string queue) =>
        (await service.ReceiveAsync(queue)).Select(message => message.Body).Order(StringComparer.Ordinal);

    private static async Task RefusedAsync(string code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ServiceErrorException>(call)).Code);
}
