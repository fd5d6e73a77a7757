using System.Text.Json;
using Xunit;
using static Pipeline.Tests.CommandLine;

namespace Pipeline.Tests.Simulations;

public sealed class SimulateCommandTests
{
    [Fact]
    public void It_tells_in_json_what_was_played()
    {
        var (exit, output, error) = Run("simulate", "--runs", "3", "--seed", "5", "--events", "20", "--json");

        Assert.Equal((0, ""), (exit, error));
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        Assert.Equal(3, root.GetProperty("runs").GetInt32());
        Assert.Equal([5, 7], root.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetInt32()));
        Assert.Equal(0, root.GetProperty("failures").GetArrayLength());
        Assert.InRange(root.GetProperty("events").GetInt64(), 3, 60);
        Assert.NotEmpty(root.GetProperty("faults").EnumerateObject());
        Assert.Equal(output, Run("simulate", "--runs", "3", "--seed", "5", "--events", "20", "--json").Output);
    }

    [Fact]
    public void Faults_that_are_off_do_not_happen()
    {
        string[] off = ["crash-before-flush", "late-write"];

        var (_, output, _) = Run(["simulate", "--runs", "5", "--json", "--without", .. off]);

        using var json = JsonDocument.Parse(output);
        var faults = json.RootElement.GetProperty("faults").EnumerateObject().Select(fault => fault.Name).ToList();
        Assert.NotEmpty(faults);
        Assert.Empty(faults.Intersect(off));
    }

    [Fact]
    public void A_fault_that_there_is_not_is_wrong_usage()
    {
        var (exit, _, error) = Run("simulate", "--without", "rain");

        Assert.Equal(2, exit);
        Assert.Contains("not 'rain'", error, StringComparison.Ordinal);
        Assert.Contains("late-write", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_is_not_there_is_told()
    {
        var (exit, _, error) = Run("simulate", "--template", "nowhere.json");

        Assert.Equal(1, exit);
        Assert.Contains("nowhere.json", error, StringComparison.Ordinal);
    }
}
