using System.Diagnostics;
using System.Text.RegularExpressions;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Isolation;
using Pipeline.Tests.Engine;
using Pipeline.Tests.Runs;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>The executable that is uploaded plays the pipeline as the functions in this process do.</summary>
[Collection(PublishedFunctions.Collection)]
public sealed partial class IsolatedRunTests
{
    [Fact]
    public void The_sample_gives_the_same_bytes_in_process_and_in_processes_of_their_own_every_time()
    {
        var isolation = Published();
        var sample = Run.Sample(10_000);
        var (inProcess, files) = Play(sample, null);
        var (first, firstFiles) = Play(sample, isolation);
        var (second, secondFiles) = Play(sample, isolation);
        Assert.Equal(0, isolation.Processes.Count);
        foreach (var (summary, others) in new[] { (first, firstFiles), (second, secondFiles) })
        {
            Assert.Equal(Figures(inProcess), Figures(summary));
            Assert.Equal(files.Keys, others.Keys);
            Assert.All(files, file => Assert.True(file.Value == others[file.Key], file.Key));
        }
        Assert.Contains(files.Keys, name => name.StartsWith("archive/", StringComparison.Ordinal));
        Assert.Contains(files.Keys, name => name.StartsWith("rejected/", StringComparison.Ordinal));
        Assert.Contains(files.Keys, name => name.StartsWith("commands/", StringComparison.Ordinal));
        Assert.Contains(files.Keys, name => name.StartsWith("incidents/", StringComparison.Ordinal));
        Assert.Contains(files.Keys, name => name.StartsWith("notifications/", StringComparison.Ordinal));
        Assert.Contains("blocklist.json", files.Keys);
    }

    [Fact]
    public void A_run_that_throttles_loses_nothing_and_keeps_order()
    {
        var input = TestRun.Generate(new GenerateOptions(6_000) { Seed = 3, Rate = 200, BadRate = 0.01 });
        using var run = new TestRun { Isolation = Published(), Pace = Pace.Full, Faults = new Throttles() };
        Check(run, input);
        Assert.True(run.Engine!.Functions.Sum(function => function.Counters.Retries) > 0);
    }

    [Fact]
    public void Processes_that_die_around_their_flush_cost_copies_at_most()
    {
        var input = TestRun.Generate(new GenerateOptions(1_000) { Seed = 4, Rate = 20, BadRate = 0.05 });
        using var run = new TestRun { Isolation = Published(), Faults = new Crashes() };
        Check(run, input);
        Assert.True(run.Engine!.Functions.Sum(function => function.Counters.Errors) > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Processes_that_are_killed_in_the_middle_of_a_batch_lose_nothing(bool isAtCall)
    {
        var input = TestRun.Generate(new GenerateOptions(600) { Seed = 5, Rate = 20, BadRate = 0.05 });
        var processes = new Dictionary<string, int>();
        using var run = new TestRun
        {
            Isolation = Published() with { Started = (function, process) => processes[function] = process },
            Faults = new Kills(processes, isAtCall),
        };
        Check(run, input);
        Assert.True(run.Engine!.Functions.Sum(function => function.Counters.Errors) > 0);
    }

    private static IsolationOptions Published() =>
        Probe.Isolation() with { Command = FunctionCommand.In(PublishedFunctions.Native().Folder) };

    private static void Check(TestRun run, byte[] input)
    {
        var summary = run.Play(input);
        TestRun.RunLaws.Check(input, summary, run.Output);
        TestRun.CommandLaws.Check(summary, run.Output);
    }

    /// <summary>Plays; what a user sees of it, with the times left out that workers measured.</summary>
    private static (RunSummary Summary, SortedDictionary<string, string> Files) Play(
        byte[] input, IsolationOptions? isolation)
    {
        using var run = new Run { Isolation = isolation };
        var summary = run.Play(input);
        var files = run.Folder.Files();
        foreach (var name in files.Keys.ToList())
        {
            if (name.StartsWith("state/engine/", StringComparison.Ordinal) || name == "summary.json")
            {
                files.Remove(name);
            }
            else if (!name.StartsWith("archive/", StringComparison.Ordinal)
                && !name.StartsWith("rejected/", StringComparison.Ordinal))
            {
                files[name] = Measured().Replace(files[name], "$1");
            }
        }
        return (summary, files);
    }

    /// <summary>The figures that do not depend on a clock.</summary>
    private static string Figures(RunSummary summary) => System.Text.Json.JsonSerializer.Serialize(summary with
    {
        WallSeconds = 0,
        EventsPerSecond = 0,
        Commands = summary.Commands with { WaitingSeconds = [] },
    });

    [GeneratedRegex("""("(?:startedAt|finishedAt|at|openedAt|closedAt|until)":")[^"]*""")]
    private static partial Regex Measured();

    private sealed class Throttles : Faults
    {
        private int _puts;

        public override bool OnPut(string stream) => ++_puts % 25 == 0;
    }

    /// <summary>Every fifteenth invocation dies, in turn before, during and after its flush.</summary>
    private sealed class Crashes : Faults
    {
        private int _invocations;

        public override Crash OnInvocation(string function) => ++_invocations % 15 == 0
            ? (Crash)(1 + (_invocations / 15 % 3))
            : Crash.None;
    }

    /// <summary>Kills the process of every fifteenth invocation or call, as anybody on the machine might.</summary>
    private sealed class Kills(Dictionary<string, int> processes, bool isAtCall) : Faults
    {
        private int _chances;

        public override Crash OnInvocation(string function)
        {
            Kill(function, !isAtCall);
            return Crash.None;
        }

        public override RequestFault OnRequest(string function)
        {
            Kill(function, isAtCall);
            return RequestFault.None;
        }

        private void Kill(string function, bool isChance)
        {
            if (isChance && ++_chances % 15 == 0 && SystemProcess.IsAlive(processes[function]))
            {
                using var process = Process.GetProcessById(processes[function]);
                process.Kill();
                process.WaitForExit();
            }
        }
    }
}
