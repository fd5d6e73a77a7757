using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Arguments;
using Pipeline.Core;
using Pipeline.Engine.Simulation;
using Pipeline.Engine.Template;

namespace Pipeline.Cli.Simulate;

/// <summary><c>pipeline simulate</c>: plays the whole pipeline under faults, seed after seed, and judges it.</summary>
internal sealed class SimulateCommand : Command
{
    private const int ProgressWidth = 60;
    private const int RunsDefault = 100;
    private const int RunsMax = 1_000_000;

    /// <summary>Where Linux keeps files in memory.</summary>
    private const string MemoryFolder = "/dev/shm";

    private readonly Terminal _terminal;

    private readonly Option<long?> _runs = BoundedOption.OptionalInteger(
        "--runs", "How many seeds to play. Default: 100.", 1, RunsMax);

    private readonly Option<long> _seed = BoundedOption.Integer(
        "--seed", "The first seed; the others follow it. Default: 0.", 0, int.MaxValue - RunsMax);

    private readonly Option<long?> _events = BoundedOption.OptionalInteger(
        "--events", "Most events of a run. Default: what its seed draws.", 1, int.MaxValue);

    private readonly Option<long?> _shards = BoundedOption.OptionalInteger(
        "--shards", "Most shards of a stream. Default: what the seed draws.", 1, Limits.ShardsMax);

    private readonly Option<string[]> _without = BoundedOption.Names(
        "--without", "FAULT", $"Kinds of faults that are off: {string.Join(", ", FaultKindNames.All)}.");

    private readonly Option<string?> _template = BoundedOption.Path(
        "--template", "FILE", "The synthesized template to play. Default: the committed one.");

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the results as JSON, alone on standard output.",
    };

    public SimulateCommand(Terminal terminal)
        : base("simulate", "Plays the pipeline while everything breaks that can, and judges that nothing is lost.")
    {
        _terminal = terminal;
        foreach (var option in new Option[] { _runs, _seed, _events, _shards, _without, _template, _json })
        {
            Options.Add(option);
        }
        _without.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !FaultKindNames.All.Contains(token.Value)) is { } wrong)
            {
                var allowed = string.Join(", ", FaultKindNames.All);
                result.AddError($"--without takes kinds of faults ({allowed}), not '{wrong.Value}'.");
            }
        });
        SetAction(parsed => Run(
            new Seeds((int)parsed.GetValue(_seed), (int)(parsed.GetValue(_runs) ?? RunsDefault)),
            new SimulationLimits(
                (int?)parsed.GetValue(_events),
                (int?)parsed.GetValue(_shards),
                [.. FaultKindNames.Kinds.Where(kind => parsed.GetValue(_without)?.Contains(kind.Name()) == true)]),
            parsed.GetValue(_template) ?? TemplateFile.Default,
            parsed.GetValue(_json)));
    }

    private int Run(Seeds seeds, SimulationLimits limits, string template, bool json)
    {
        var scratch = Directory.Exists(MemoryFolder)
            ? Directory.CreateDirectory(Path.Combine(MemoryFolder, $"pipeline-{Environment.ProcessId}")).FullName
            : Directory.CreateTempSubdirectory("pipeline-simulate-").FullName;
        try
        {
            var simulator = new Simulator(new SimulationSetup(
                File.ReadAllBytes(template), PathText.Home, scratch, SimulatedLoad.Generate));
            return Report(Play(simulator, seeds, limits), json);
        }
        catch (Exception error) when (error is TemplateException or ConfigurationException or IOException
            or UnauthorizedAccessException)
        {
            return _terminal.Fail(error.Message);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private SimulationSummary Play(Simulator simulator, Seeds seeds, SimulationLimits limits)
    {
        var summary = new SimulationSummary(seeds.First);
        for (var i = 0; i < seeds.Count; i++)
        {
            var result = simulator.Play(seeds.First + i, limits);
            if (!result.Holds)
            {
                result = new Shrinker(simulator.Play).Shrink(result);
            }
            summary.Add(result);
            ShowProgress(string.Create(
                CultureInfo.InvariantCulture,
                $"{i + 1:N0} of {seeds.Count:N0} seeds, {summary.Failures.Count:N0} fail"));
        }
        ShowProgress("");
        return summary;
    }

    private void ShowProgress(string text)
    {
        if (_terminal.Interactive)
        {
            _terminal.Error.Write(text.PadRight(ProgressWidth) + "\r");
        }
    }

    private int Report(SimulationSummary summary, bool json)
    {
        if (json)
        {
            JsonSerializer.Serialize(_terminal.Output, summary);
            _terminal.Output.Write("\n"u8);
        }
        else
        {
            using var text = new StreamWriter(_terminal.Output, leaveOpen: true);
            summary.WriteTo(text);
        }
        return summary.Failures switch
        {
            [] => 0,
            [var failure, ..] => _terminal.Fail(
                $"{failure.Law} {failure.Found.Split('\n')[0]} Play it again: {failure.Replay}"),
        };
    }

    private readonly record struct Seeds(int First, int Count);
}
