using System.Text;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The block list as Enrich sees it.</summary>
public sealed class BlockListTests
{
    private static readonly DateTimeOffset Now = WorkerBench.Start;

    private readonly WorkerBench _bench = new();

    [Fact]
    public void Without_the_object_no_one_is_blocked()
    {
        var list = Read(TimeSpan.Zero);

        Assert.False(IsBlocked(list, "8.8.8.8"));
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("::FFFF:808:808", true)]
    [InlineData("8.8.8.9", false)]
    [InlineData("2001:4860:4860:0:0:0:0:8888", true)]
    [InlineData("2001:4860:4860::0:8888", true)]
    [InlineData("2001:4860:4860::8889", false)]
    [InlineData("10.0.0.1", true)]
    [InlineData("no address", false)]
    public void An_address_is_blocked_however_it_is_written(string address, bool isBlocked)
    {
        Store("8.8.8.8", "2001:4860:4860::8888", "10.0.0.1");

        Assert.Equal(isBlocked, IsBlocked(Read(TimeSpan.Zero), address));
    }

    [Fact]
    public void A_block_ends_at_its_moment_by_the_events_arrival()
    {
        Store("8.8.8.8");
        var list = Read(TimeSpan.Zero);

        Assert.True(list.IsBlocked("\"8.8.8.8\""u8, Now.AddHours(1).AddTicks(-1)));
        Assert.False(list.IsBlocked("\"8.8.8.8\""u8, Now.AddHours(1)));
        Assert.False(list.IsBlocked("8.8.8.8"u8, Now));
    }

    [Theory]
    [InlineData(10, 0, 1)]
    [InlineData(10, 9_999, 1)]
    [InlineData(10, 10_000, 2)]
    [InlineData(10, -1, 2)]
    [InlineData(0, 0, 2)]
    public void The_list_is_read_again_when_it_is_stale_and_not_before(int staleness, int milliseconds, int reads)
    {
        var list = Read(TimeSpan.FromSeconds(staleness));
        Store("8.8.8.8");
        Refresh(list, Now.AddMilliseconds(milliseconds));

        Assert.Equal(reads, _bench.Bucket.Calls);
        Assert.Equal(reads > 1, IsBlocked(list, "8.8.8.8"));
    }

    [Fact]
    public void Who_left_the_list_is_blocked_no_more()
    {
        Store("8.8.8.8");
        var list = Read(TimeSpan.Zero);
        Store("1.1.1.1");
        Refresh(list, Now);
        Assert.Equal((false, true), (IsBlocked(list, "8.8.8.8"), IsBlocked(list, "1.1.1.1")));

        _bench.Bucket.Objects.Clear();
        Refresh(list, Now);
        Assert.False(IsBlocked(list, "1.1.1.1"));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData("""{"addresses":7}""", "#/addresses")]
    [InlineData("""{"addresses":[null]}""", "#/addresses/0/address")]
    [InlineData("""{"addresses":[{"address":"1.1.1.1","until":"2026-03-02T12:00:00Z","command":"c"},{"address":"x","""
        + "\"until\":\"2026-03-02T12:00:00Z\",\"command\":\"c\"}]}", "#/addresses/1/address")]
    [InlineData("""{"addresses":[{"address":"1.1.1.1","until":"soon","command":"c"}]}""", "#/addresses/0/until")]
    public void An_object_that_is_no_block_list_holds_the_batch_and_says_so(string text, string pointer)
    {
        Store("8.8.8.8");
        var list = Read(TimeSpan.Zero);
        _bench.Store("blocklist.json", text);

        Assert.Throws<PortFaultException>(() => Refresh(list, Now));
        var sentence = Assert.Single(_bench.Sentences);
        Assert.StartsWith(
            $"blocklist.json{pointer}: this is no block list; allowed is ", sentence, StringComparison.Ordinal);
        Assert.True(IsBlocked(list, "8.8.8.8"));

        Store("1.1.1.1");
        Refresh(list, Now);
        Assert.True(IsBlocked(list, "1.1.1.1"));
    }

    [Fact]
    public void A_bucket_that_fails_is_asked_again()
    {
        Store("8.8.8.8");
        _bench.Bucket.Breaks = call => call < 3 ? RequestFault.Lost : RequestFault.None;

        Assert.True(IsBlocked(Read(TimeSpan.FromHours(1)), "8.8.8.8"));
        Assert.Equal(4, _bench.Bucket.Calls);
    }

    [Fact]
    public void A_bucket_that_stays_away_holds_the_batch_until_the_next_invocation()
    {
        Store("8.8.8.8");
        _bench.Bucket.Breaks = _ => RequestFault.Lost;
        var list = NewList(TimeSpan.FromHours(1));

        Assert.Throws<PortFaultException>(() => Refresh(list, Now));
        var lastCall = WorkerBench.Timeout - TimeSpan.FromSeconds(Limits.RequestSecondsMax);
        Assert.InRange(
            _bench.Scheduler.Now - Now, lastCall - TimeSpan.FromSeconds(2), lastCall + TimeSpan.FromSeconds(2));
        _bench.Bucket.Breaks = _ => RequestFault.None;
        Refresh(list, Now);
        Assert.True(IsBlocked(list, "8.8.8.8"));
    }

    [Fact]
    public void Looking_an_address_up_allocates_nothing()
    {
        Store("8.8.8.8");
        var list = Read(TimeSpan.Zero);
        list.IsBlocked("\"8.8.8.8\""u8, Now);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            list.IsBlocked("\"8.8.8.8\""u8, Now);
            list.IsBlocked("\"1.1.1.1\""u8, Now);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool IsBlocked(BlockList list, string address) =>
        list.IsBlocked(Encoding.UTF8.GetBytes($"\"{address}\""), Now);

    private void Store(params string[] addresses) => _bench.Bucket.Objects[BlockListFile.Key] =
        new BlockListFile([.. addresses.Select(address => new BlockedAddress(address, Now.AddHours(1), "c"))]).Write();

    private BlockList Read(TimeSpan staleness)
    {
        var list = NewList(staleness);
        Refresh(list, Now);
        return list;
    }

    private BlockList NewList(TimeSpan staleness) =>
        new(_bench.Bucket, _bench.Output, staleness, _bench.Scheduler.Clock, new Random(_bench.Seed));

    private void Refresh(BlockList list, DateTimeOffset now)
    {
        var clock = _bench.Scheduler.Clock;
        var deadline = new Deadline(clock, clock.GetTimestamp(), WorkerBench.Timeout);
        _bench.Scheduler.Start(async () => await list.RefreshAsync(now, deadline, CancellationToken.None));
        _bench.Scheduler.RunUntilIdle();
    }
}
