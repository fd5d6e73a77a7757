using Pipeline.Engine.Storage;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Files written beside the engine's thread: in order, awaited by whoever looks, failures told.</summary>
public sealed class WriteBehindTests
{
    private readonly WriteBehind _behind = new();

    [Fact]
    public void Work_is_done_in_the_order_of_asking_and_all_of_it_before_the_wait_ends()
    {
        var done = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            _behind.Ask(number % 7 == 0 ? "a" : "b", 100_000, () => done.Add(number));
        }
        _behind.AwaitAll();
        Assert.Equal(Enumerable.Range(0, 1000), done);
    }

    [Fact]
    public void Who_looks_at_a_path_waits_for_what_was_asked_of_it()
    {
        using var gate = new ManualResetEventSlim();
        var done = false;
        _behind.Ask("first", 1, gate.Wait);
        _behind.Ask("second", 1, () => done = true);
        _behind.Await("another");
        Assert.False(done);
        gate.Set();
        _behind.Await("second");
        Assert.True(done);
    }

    [Fact]
    public void A_failure_is_told_to_all_who_ask_or_wait_later()
    {
        var done = false;
        _behind.Ask("path", 1, () => throw new IOException("No space left on device"));
        Assert.Equal("No space left on device", Assert.Throws<IOException>(_behind.AwaitAll).Message);
        Assert.Throws<IOException>(() => _behind.Ask("path", 1, () => done = true));
        Assert.Throws<IOException>(() => _behind.Await("path"));
        Assert.False(done);
    }
}
