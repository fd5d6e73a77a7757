using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Xunit;

namespace Pipeline.Tests.Runs;

/// <summary>Single faults and what each costs; all of them together are played by the simulations.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData(Crash.BeforeFlush, false)]
    [InlineData(Crash.DuringFlush, true)]
    [InlineData(Crash.BeforeReport, true)]
    public void An_invocation_that_dies_costs_copies_only_after_its_flush(Crash crash, bool copies)
    {
        using var run = new TestRun { Faults = new FirstInvocationsDie(crash) };
        var input = TestRun.Generate(new GenerateOptions(300) { Seed = 7, Rate = 20, BadRate = 0.05 });
        var summary = run.Play(input);
        TestRun.RunLaws.Check(input, summary, run.Output);
        Assert.Equal(copies, summary.Accounting.Redelivered > 0);
    }

    [Fact]
    public void A_batch_that_comes_twice_is_archived_twice_and_counted()
    {
        using var run = new TestRun { Faults = new FirstBatchesComeTwice() };
        var input = TestRun.Generate(new GenerateOptions(300) { Seed = 8, Rate = 20 });
        var summary = run.Play(input);
        TestRun.RunLaws.Check(input, summary, run.Output);
        Assert.True(summary.Accounting.Redelivered > 0);
        Assert.Equal(300 + summary.Accounting.Redelivered, run.Output.Archived().Count());
    }

    private sealed class FirstBatchesComeTwice : Faults
    {
        private readonly HashSet<string> _seen = [];

        public override bool OnBatchDone(string function) => _seen.Add(function);
    }

    /// <summary>The first three invocations of each function die.</summary>
    private sealed class FirstInvocationsDie(Crash crash) : Faults
    {
        private readonly Dictionary<string, int> _invocations = [];

        public override Crash OnInvocation(string function)
        {
            var count = _invocations[function] = _invocations.GetValueOrDefault(function) + 1;
            return count <= 3 ? crash : Crash.None;
        }
    }
}
