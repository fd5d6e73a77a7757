using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Engine;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Execute;
using Pipeline.Functions.Filter;
using Pipeline.Functions.Route;
using Xunit;

namespace Pipeline.Tests.Runs;

/// <summary>
/// What holds of the commands of any run, whatever breaks meanwhile; judged from the archive and the files that commands
/// leave.
/// </summary>
internal static class CommandLaws
{
    private static readonly Lazy<(FilterCritical Filter, RouteEvent Route)> s_rules = new(() =>
    {
        var config = ConfigFolder.Open(new Settings(
            "test", new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = AppContext.BaseDirectory }));
        return (new FilterCritical(PatternSet.Compile(config.Filter().Critical)), new RouteEvent(config.Routes().Routes));
    });

    /// <summary>
    /// Every critical event of the archive asked for its command once; each was carried out, and had its effect, once.
    /// </summary>
    /// <param name="gaveUp">Whether the run may have given commands up as dead letters.</param>
    public static void Check(RunSummary summary, RunOutput output, bool gaveUp = false)
    {
        var asked = Asked(output);
        var commands = summary.Commands;
        Assert.True(commands.Balanced, "The commands do not balance.");
        Assert.Equal(0, commands.InFlight);
        Assert.Equal(asked.Count, commands.Requested);
        Assert.True(gaveUp || commands.DeadLettered == 0, $"{commands.DeadLettered} commands were given up.");
        var records = Records(output);
        Assert.Equal(commands.Executed, records.Values.Count(r => r.Outcome is not (null or CommandOutcome.Expired)));
        Assert.Equal(commands.Expired, records.Values.Count(record => record.Outcome is CommandOutcome.Expired));
        Assert.Empty(records.Keys.Except(asked.Keys));
        CheckOnce(asked, records, "notify", LinesBelow(output, "notifications").Select(line => Text(line, "command")));
        CheckOnce(asked, records, "open-incident", output.FilesBelow("incidents").SelectMany(IncidentCommands));
    }

    /// <summary>The commands that the archived events ask for, by id.</summary>
    public static Dictionary<string, Command> Asked(RunOutput output)
    {
        var asked = new Dictionary<string, Command>(StringComparer.Ordinal);
        foreach (var (_, line) in output.Archived())
        {
            var record = new Core.Record(
                line, Encoding.UTF8.GetBytes(PartitionKeyRule.KeyOf(line)), default, DateTimeOffset.UnixEpoch);
            Assert.Null(Event.Read(record, new EventErrors(), out var @event));
            var (filter, route) = s_rules.Value;
            if (filter.Apply(@event).Kind == OutcomeKind.Emit
                && route.Apply(@event) is { Kind: OutcomeKind.Request } outcome)
            {
                asked[outcome.Command!.Id] = outcome.Command;
            }
        }
        return asked;
    }

    /// <summary>The execution records, by their commands' ids.</summary>
    public static Dictionary<string, ExecutionRecord> Records(RunOutput output) =>
        output.FilesBelow("commands").ToDictionary(
            file => Path.GetFileNameWithoutExtension(file),
            file => ExecutionRecord.Read(file, File.ReadAllBytes(file)),
            StringComparer.Ordinal);

    /// <summary>
    /// An effect is there once for each command that was carried out and found something to do, and at most once for any
    /// other.
    /// </summary>
    private static void CheckOnce(
        Dictionary<string, Command> asked, Dictionary<string, ExecutionRecord> records, string name,
        IEnumerable<string> effects)
    {
        var counts = effects.CountBy(id => id).ToDictionary();
        Assert.All(counts, effect => Assert.Equal(1, effect.Value));
        Assert.All(counts.Keys, id => Assert.Equal(name, asked[id].Name));
        var executed = records
            .Where(record => record.Value.Name == name
                && record.Value is { Outcome: CommandOutcome.Executed, Detail: null })
            .Select(record => record.Key);
        Assert.Empty(executed.Except(counts.Keys));
    }

    private static IEnumerable<string> IncidentCommands(string file)
    {
        using var incident = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. incident.RootElement.GetProperty("commands").EnumerateArray()
            .Select(command => command.GetProperty("command").GetString()!)];
    }

    private static IEnumerable<string> LinesBelow(RunOutput output, string prefix) =>
        output.FilesBelow(prefix).SelectMany(File.ReadLines);

    private static string Text(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString()!;
    }
}
