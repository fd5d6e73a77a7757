using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Execute;
using Pipeline.Functions.Filter;
using Pipeline.Functions.Route;

namespace Pipeline.Engine.Simulation;

/// <summary>
/// What holds of the commands of any run, whatever breaks meanwhile; judged from the archive and the files that
/// commands leave.
/// </summary>
public sealed class CommandLaws
{
    internal const string NotificationsPrefix = "notifications/";
    internal const string IncidentsPrefix = "incidents/";
    internal const string Once = "No command has an effect twice.";

    private readonly FilterCritical _filter;
    private readonly RouteEvent _route;

    /// <param name="taskRoot">The folder with the configuration that the run had.</param>
    /// <exception cref="ConfigurationException">The configuration is wrong.</exception>
    public CommandLaws(string taskRoot)
    {
        var settings = new Settings("laws", new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = taskRoot });
        var config = ConfigFolder.Open(settings);
        _filter = new FilterCritical(PatternSet.Compile(config.Filter().Critical));
        _route = new RouteEvent(config.Routes().Routes);
    }

    /// <summary>
    /// Every critical event of the archive asked for its command once; each was carried out, and had its effect, once.
    /// </summary>
    /// <param name="gaveUp">
    /// Whether the run may have given up commands, or events before they became commands, as dead letters.
    /// </param>
    /// <exception cref="BrokenLawException">A law does not hold.</exception>
    public void Check(RunSummary summary, RunOutput output, bool gaveUp = false)
    {
        var asked = Asked(output);
        var commands = summary.Commands;
        Law.Holds(commands.Balanced, "The commands balance.", $"{commands}");
        Law.Same(0, commands.InFlight, "No command is in flight at the end.");
        Law.Holds(
            gaveUp || commands.DeadLettered == 0, "No command is given up.", $"{commands.DeadLettered} were.");
        var lost = asked.Count - commands.Requested;
        var excused = gaveUp
            ? Commands(output.DeadLetters().Select(letter => letter.Line)).Keys.Count(asked.ContainsKey)
            : 0;
        Law.Holds(
            lost >= 0 && lost <= excused, "Every critical event asks for its command.",
            $"{asked.Count} commands are asked for, {commands.Requested} reached a queue, {excused} are excused.");
        var records = Records(output);
        Law.Same(
            commands.Executed, records.Values.Count(r => r.Outcome is not (null or CommandOutcome.Expired)),
            "Every command that was carried out has its record.");
        Law.Same(
            commands.Expired, records.Values.Count(record => record.Outcome is CommandOutcome.Expired),
            "Every command that came too late has its record.");
        Law.Holds(
            records.Keys.All(asked.ContainsKey), "Nothing is carried out that was not asked for.",
            string.Join(", ", records.Keys.Except(asked.Keys)));
        CheckOnce(asked, records, "notify", LinesBelow(output, NotificationsPrefix).Select(CommandOf));
        CheckOnce(asked, records, "open-incident", IncidentCommands(output));
    }

    /// <summary>The commands that the archived events ask for, by id.</summary>
    public IReadOnlyDictionary<string, Command> Asked(RunOutput output) =>
        Commands(output.Archived().Select(archived => archived.Line));

    /// <summary>The execution records, by their commands' ids.</summary>
    public static IReadOnlyDictionary<string, ExecutionRecord> Records(RunOutput output) =>
        output.FilesBelow(ExecutionRecord.Prefix).ToDictionary(
            file => Path.GetFileNameWithoutExtension(file),
            file => ExecutionRecord.Read(file, File.ReadAllBytes(file)),
            StringComparer.Ordinal);

    /// <summary>The commands that a part of an incident names.</summary>
    internal static IReadOnlyList<string> CommandsOf(ReadOnlyMemory<byte> incident)
    {
        using var document = JsonDocument.Parse(incident);
        return [.. document.RootElement.GetProperty("commands").EnumerateArray()
            .Select(command => command.GetProperty("command").GetString()!)];
    }

    private Dictionary<string, Command> Commands(IEnumerable<byte[]> lines)
    {
        var commands = new Dictionary<string, Command>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var record = new Record(
                line, Encoding.UTF8.GetBytes(PartitionKeyRule.KeyOf(line)), default, DateTimeOffset.UnixEpoch);
            if (Event.Read(record, new EventErrors(), out var @event) is null
                && _filter.Apply(@event).Kind == OutcomeKind.Emit
                && _route.Apply(@event) is { Kind: OutcomeKind.Request } outcome)
            {
                commands[outcome.Command!.Id] = outcome.Command;
            }
        }
        return commands;
    }

    /// <summary>
    /// An effect is there once for each command that was carried out and found something to do, and at most once for
    /// any other.
    /// </summary>
    private static void CheckOnce(
        IReadOnlyDictionary<string, Command> asked, IReadOnlyDictionary<string, ExecutionRecord> records, string name,
        IEnumerable<string> effects)
    {
        var counts = effects.CountBy(id => id).ToDictionary();
        foreach (var (id, count) in counts)
        {
            Law.Holds(count == 1, Once, $"Command {id} ({name}) has {count}.");
            Law.Holds(
                asked.TryGetValue(id, out var command) && command.Name == name,
                "Every effect was asked for.", $"That of {id} ({name}) was not.");
        }
        var missing = records
            .Where(record => record.Value.Name == name
                && record.Value is { Outcome: CommandOutcome.Executed, Detail: null })
            .Select(record => record.Key).Except(counts.Keys).ToList();
        Law.Holds(missing is [], "Every command that was carried out has its effect.", string.Join(", ", missing));
    }

    private static IEnumerable<string> IncidentCommands(RunOutput output) =>
        PagesBelow(output, IncidentsPrefix).SelectMany(page => CommandsOf(Encoding.UTF8.GetBytes(page)));

    private static IEnumerable<string> LinesBelow(RunOutput output, string prefix) =>
        PagesBelow(output, prefix).SelectMany(page => page.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// A full page is kept under a name of its own before the next takes its place: in between both are there, the
    /// same.
    /// </summary>
    private static IEnumerable<string> PagesBelow(RunOutput output, string prefix) =>
        output.FilesBelow(prefix).Select(File.ReadAllText).Distinct(StringComparer.Ordinal);

    private static string CommandOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("command").GetString()!;
    }
}
