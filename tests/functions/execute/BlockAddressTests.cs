using Pipeline.Functions.Adapters;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Who gets on the block list, for how long, and who never does.</summary>
public sealed class BlockAddressTests
{
    private readonly WorkerBench _bench = new();

    [Theory]
    [InlineData("""{"address":"8.8.8.8","reason":"Five failed logins."}""", "8.8.8.8", "Five failed logins.")]
    [InlineData("""{"ip":"8.8.8.8","status":401}""", "8.8.8.8", null)]
    [InlineData("""{"address":"1.1.1.1","ip":"8.8.8.8"}""", "1.1.1.1", null)]
    [InlineData("""{"address":null,"ip":"::FFFF:8.8.8.8"}""", "8.8.8.8", null)]
    [InlineData("""{"ip":"2001:4860:0:0:0:0:0:00AB"}""", "2001:4860::ab", null)]
    public void An_address_is_blocked_in_its_canonical_text(string arguments, string address, string? reason)
    {
        Assert.Equal("executed", Block("b1", arguments));

        var entry = Assert.Single(BlockListFile.Read(Stored()).Addresses);
        Assert.Equal(new BlockedAddress(address, WorkerBench.Start.AddHours(24), "b1", reason), entry);
    }

    [Theory]
    [InlineData("127.0.0.1", "the address is private or reserved; only public addresses are blocked")]
    [InlineData("10.1.2.3", "the address is private or reserved; only public addresses are blocked")]
    [InlineData("::ffff:192.168.0.1", "the address is private or reserved; only public addresses are blocked")]
    [InlineData("::1", "the address is private or reserved; only public addresses are blocked")]
    [InlineData("fe80::1", "the address is private or reserved; only public addresses are blocked")]
    [InlineData("9.9.9.9", "execute.json allows the address")]
    [InlineData("::ffff:9.9.9.9", "execute.json allows the address")]
    public void Who_must_not_be_blocked_is_refused_with_the_reason(string address, string detail)
    {
        Assert.Equal("refused", Block("b1", $$"""{"address":"{{address}}"}"""));

        Assert.Equal(detail, _bench.Record("b1").GetProperty("detail").GetString());
        Assert.Equal($"Command b1 (block-address) was refused: {detail}.", Assert.Single(_bench.Sentences));
        Assert.Empty(_bench.Objects("blocklist"));
        Assert.Equal(
            (1, 1, 0),
            (_bench.Output.Sum("Records"), _bench.Output.Sum("Emitted"), _bench.Output.Sum("Failed")));
    }

    [Fact]
    public void A_full_list_refuses_until_someone_on_it_has_done_his_time()
    {
        for (var index = 0; index < WorkerBench.PageMax; index++)
        {
            Block($"b{index}", $$"""{"address":"8.8.8.{{index}}"}""");
            _bench.Wait(TimeSpan.FromHours(1));
        }

        Assert.Equal("refused", Block("full", """{"address":"8.8.8.100"}"""));
        Assert.Equal("the block list is full (3 addresses)", _bench.Record("full").GetProperty("detail").GetString());
        Assert.Equal("executed", Block("again", """{"address":"8.8.8.1"}"""));
        _bench.Wait(TimeSpan.FromHours(21));
        Assert.Equal("executed", Block("later", """{"address":"8.8.8.100"}"""));

        Assert.Equal(
            ["8.8.8.2 b2", "8.8.8.1 again", "8.8.8.100 later"],
            BlockListFile.Read(Stored()).Addresses.Select(entry => $"{entry.Address} {entry.Command}"));
    }

    [Fact]
    public void An_address_that_is_blocked_already_keeps_the_later_end()
    {
        _bench.Store(
            "blocklist.json",
            """{"addresses":[{"address":"8.8.8.8","until":"2030-01-01T00:00:00Z","command":"operator"}]}""");
        Block("b1", """{"address":"8.8.8.8"}""");
        Assert.Equal("operator", Assert.Single(BlockListFile.Read(Stored()).Addresses).Command);

        _bench.Store(
            "blocklist.json",
            """{"addresses":[{"address":"::ffff:8.8.8.8","until":"2026-03-01T12:00:01Z","command":"operator"}]}""");
        Block("b2", """{"address":"8.8.8.8"}""");
        Assert.Equal(
            new BlockedAddress("8.8.8.8", WorkerBench.Start.AddHours(24), "b2"),
            Assert.Single(BlockListFile.Read(Stored()).Addresses));
    }

    [Fact]
    public void A_redo_after_the_block_would_have_ended_blocks_no_one()
    {
        _bench.Bucket.BreaksAreDeaths = true;
        _bench.Bucket.Breaks = call => call == 1 ? Pipeline.Engine.RequestFault.Lost : default;
        var command = WorkerBench.Command("b1", "block-address", """{"address":"8.8.8.8"}""");
        Assert.Equal(["b1"], _bench.Deliver(command));
        _bench.Wait(TimeSpan.FromHours(24));

        Assert.Empty(_bench.Deliver(command));
        Assert.Equal("the block would have ended by now", _bench.Record("b1").GetProperty("detail").GetString());
        Assert.Empty(_bench.Objects("blocklist"));
    }

    private Pipeline.Core.StoredObject Stored() => new(_bench.Bucket.Objects["blocklist.json"], "etag");

    private string Block(string id, string arguments)
    {
        Assert.Empty(_bench.Deliver(WorkerBench.Command(id, "block-address", arguments)));
        return _bench.Record(id).GetProperty("outcome").GetString()!;
    }
}
