using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Isolation;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>What happens when a function's process does not start, and that none outlives its engine.</summary>
public sealed class ProcessStartTests
{
    [Theory]
    [Trait("Rule", "functions.runtime-api")]
    [InlineData("error config/filter.json: /critical/0 is 7", "config/filter.json: /critical/0 is 7")]
    [InlineData("exit 4",
        "Function Validate does not start as a process of its own: Runtime.ExitError: Runtime exited with error: "
        + "exit status 4: It said this before it ended.")]
    public void A_function_that_does_not_start_stops_the_start_and_says_why(string init, string message)
    {
        var isolation = Probe.Isolation();
        var refused = Assert.Throws<ConfigurationException>(
            () => Probe.Bed("", new BedOptions { Isolation = isolation }, init));
        Assert.Equal(message, refused.Message);
        Assert.Equal(0, isolation.Processes.Count);
    }

    [Fact]
    [Trait("Rule", "functions.init-limit")]
    public void A_function_that_never_asks_for_work_stops_the_start()
    {
        var isolation = Probe.Isolation() with { StartLimit = TimeSpan.FromSeconds(1) };
        var refused = Assert.Throws<ConfigurationException>(
            () => Probe.Bed("", new BedOptions { Isolation = isolation }, "never"));
        Assert.Equal(
            "Function Validate does not start as a process of its own: Sandbox.Timedout: It did not ask for work "
            + "within 1 s.",
            refused.Message);
        Assert.Equal(0, isolation.Processes.Count);
    }

    [Fact]
    public void The_check_before_a_run_starts_every_function_and_leaves_none_behind()
    {
        using var bed = Probe.Bed("");
        var started = new List<int>();
        var isolation = Probe.Isolation() with { Started = (_, process) => started.Add(process) };
        EmbeddedEngine.CheckFunctions(
            bed.Engine.Stack, new EngineOptions("/nowhere", "/task", 0) { Isolation = isolation });
        Assert.False(SystemProcess.IsAlive(Assert.Single(started)));
        Assert.Equal(0, isolation.Processes.Count);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var isolation = Probe.Isolation() with
        {
            Command = new FunctionCommand("/nowhere/bootstrap", [], AppContext.BaseDirectory),
        };
        var refused = Assert.Throws<ConfigurationException>(
            () => Probe.Bed("", new BedOptions { Isolation = isolation }));
        Assert.StartsWith(
            "The program '/nowhere/bootstrap' cannot be started: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_functions_is_no_artifact()
    {
        using var folder = new OutputFolder();
        Assert.Contains(
            "holds no functions", Assert.Throws<ConfigurationException>(() => FunctionCommand.In(folder.Path)).Message,
            StringComparison.Ordinal);
        folder.Write("functions.runtimeconfig.json", "{}"u8);
        Assert.Equal([folder.File("functions.dll")], FunctionCommand.In(folder.Path).Arguments);
        folder.Write("bootstrap", ""u8);
        Assert.Equal(folder.File("bootstrap"), FunctionCommand.In(folder.Path).Program);
    }

    [Fact]
    public void No_process_outlives_its_engine_however_the_run_ends()
    {
        var started = new List<int>();
        var isolation = Probe.Isolation() with { Started = (_, process) => started.Add(process) };
        var bed = Probe.Bed("put x", new BedOptions { Isolation = isolation });
        bed.Put("a");
        bed.At(0.001, () => throw new InvalidOperationException("the run breaks"));
        Assert.Throws<InvalidOperationException>(bed.Run);
        Assert.True(SystemProcess.IsAlive(Assert.Single(started)));
        bed.Dispose();
        Assert.False(SystemProcess.IsAlive(started[0]));
        Assert.Equal(0, isolation.Processes.Count);
    }

    [Fact]
    public void Whoever_ends_early_ends_all_processes_and_none_starts_any_more()
    {
        var started = new List<int>();
        var isolation = Probe.Isolation() with { Started = (_, process) => started.Add(process) };
        var options = new BedOptions { Isolation = isolation, Mapping = "\"MaximumRetryAttempts\": 1" };
        using (var bed = Probe.Bed("put x", options))
        {
            isolation.Processes.KillAll();
            bed.Put("a");
            bed.Run();
            Assert.Empty(bed.Objects("x"));
        }
        Assert.All(started, process => Assert.False(SystemProcess.IsAlive(process)));
    }
}
