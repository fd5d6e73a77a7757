using System.Text;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Isolation;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>What a process writes is counted as it comes.</summary>
public sealed class ProcessOutputTests
{
    [Fact]
    public void However_much_a_process_says_before_anybody_asks_little_is_kept_and_every_figure_is_counted()
    {
        const int rounds = 1_000;
        var said = Encoding.UTF8.GetBytes(
            new string('x', 256 * 1024) + "\n" + """{"Records":3,"Emitted":2,"Dropped.late":1}""" + "\n");
        // Nothing is waited for, so all of it happens on this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var output = ProcessOutput.Start(new Repeated(said, rounds));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(output.Ended.IsCompletedSuccessfully);
        Assert.InRange(allocated, 0, said.Length * rounds / 10L);

        var counters = new FunctionCounters();
        output.MoveTo(counters);
        Assert.Equal((3 * rounds, 2 * rounds), (counters.Records, counters.Emitted));
        Assert.Equal(rounds, Assert.Single(counters.Dropped).Value);
        Assert.Single(counters.Sentences);
    }

    [Fact]
    public async Task What_was_counted_is_handed_over_once_and_sentences_come_in_the_order_first_said()
    {
        var lines = string.Concat(Enumerable.Range(0, 70).Select(i => $"sentence {i}\n")) + "{\"Retries\":1}\nlast";
        var counters = new FunctionCounters();
        for (var i = 0; i < 2; i++)
        {
            var output = ProcessOutput.Start(new MemoryStream(Encoding.UTF8.GetBytes(
                i == 0 ? lines : lines.Replace("sentence ", "another ", StringComparison.Ordinal))));
            await output.Ended;
            output.MoveTo(counters);
            output.MoveTo(counters);
            Assert.Equal("last", output.LastLine);
        }
        Assert.Equal(2, counters.Retries);
        // A hundred at most: the first seventy, the last of them, and of the others as many as there is room for.
        Assert.Equal(
            [
                .. Enumerable.Range(0, 70).Select(i => $"sentence {i}"), "last",
                .. Enumerable.Range(0, 29).Select(i => $"another {i}"),
            ],
            counters.Sentences);
    }

    [Fact]
    public async Task A_line_is_cut_at_the_longest_there_may_be_and_the_next_one_is_whole()
    {
        var output = ProcessOutput.Start(new MemoryStream(
            [.. Enumerable.Repeat((byte)'x', ProcessOutput.LineBytesMax + 7), .. "\nnext"u8]));
        await output.Ended;
        Assert.Equal("next", output.LastLine);

        output = ProcessOutput.Start(new MemoryStream(new byte[ProcessOutput.LineBytesMax + 7]));
        await output.Ended;
        Assert.Equal(ProcessOutput.LineBytesMax, output.LastLine.Length);
    }

    /// <summary>The same bytes again and again, all of them there at once.</summary>
    private sealed class Repeated(byte[] bytes, int times) : MemoryStream(bytes)
    {
        private int _left = times - 1;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length && _left > 0)
            {
                _left--;
                Position = 0;
            }
            return new(Read(buffer.Span));
        }
    }
}
