using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Arguments;
using Pipeline.Cli.Shards;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Cli.Run;

/// <summary>
/// <c>pipeline run</c>: plays events through the whole pipeline, on the embedded engine, until it is quiet.
/// </summary>
internal sealed class RunCommand : Command
{
    private const int ProgressWidth = 40;

    private readonly Terminal _terminal;
    private readonly Option<string?> _input = BoundedOption.Path(
        "--input",
        "FILE|DIR|-",
        "NDJSON events, .gz too; a directory's files in order; - is standard input. Default: the sample.");

    private readonly Option<string?> _output = BoundedOption.Path(
        "--output",
        "DIR",
        "Where the data bucket's objects and summary.json go; emptied if a run made it. Default: out.");

    private readonly Option<string?> _template = BoundedOption.Path(
        "--template", "FILE", "The synthesized template to execute. Default: the committed one.");

    private readonly Option<long> _seed = BoundedOption.Integer(
        "--seed", "Seed of everything random. Default: 0.", 0, int.MaxValue);

    private readonly Option<long?> _shards = BoundedOption.OptionalInteger(
        "--shards", "Shards of every stream. Default: the template's.", 1, Limits.ShardsMax);

    private readonly Option<string?> _pace = BoundedOption.Choice(
        "--pace", "Whether a line waits for its time (event) or goes at once (full). Default: event.", "event", "full");

    private readonly Option<string?> _reshard = BoundedOption.Path(
        "--reshard", "FILE", "Splits and merges of shards under way: JSON objects of at, stream, operation and more.");

    private readonly Option<string[]> _disable = BoundedOption.Names(
        "--disable", "FUNCTION", "Functions that take nothing; what is meant for them stays in its pipe.");

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on in the output directory where a run stopped; without --input only drain its pipes.",
    };

    private readonly IsolationArguments _isolation = new();

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the summary as JSON, alone on standard output.",
    };

    public RunCommand(Terminal terminal)
        : base("run", "Plays events through the whole pipeline until it is quiet, and accounts for every line.")
    {
        _terminal = terminal;
        foreach (var option in new Option[]
        {
            _input, _output, _template, _seed, _shards, _pace, _reshard, _disable, _resume,
        })
        {
            Options.Add(option);
        }
        _isolation.AddTo(this);
        Options.Add(_json);
        SetAction(parsed => Run(Read(parsed)));
    }

    private RunOptions Read(ParseResult parsed)
    {
        var resume = parsed.GetValue(_resume);
        var input = parsed.GetValue(_input) ?? (resume ? null : Path.Combine(PathText.Home, "events", "sample.ndjson"));
        return new RunOptions(
            input,
            parsed.GetValue(_output) ?? "out",
            parsed.GetValue(_template) ?? TemplateFile.Default)
        {
            Seed = (int)parsed.GetValue(_seed),
            Shards = (int?)parsed.GetValue(_shards),
            Pace = parsed.GetValue(_pace) == "full" ? Pace.Full : Pace.Event,
            Reshard = parsed.GetValue(_reshard),
            Disable = parsed.GetValue(_disable) ?? [],
            Resume = resume,
            Isolated = _isolation.IsIsolated(parsed),
            Artifact = _isolation.Artifact(parsed),
            Json = parsed.GetValue(_json),
        };
    }

    private int Run(RunOptions options)
    {
        try
        {
            return RunChecked(options);
        }
        catch (Exception error) when (error is TemplateException or ConfigurationException or InputException
            or IOException or UnauthorizedAccessException or LivelockException)
        {
            return _terminal.Fail(error.Message);
        }
    }

    /// <summary>Checks everything that can be wrong before it touches the output.</summary>
    private int RunChecked(RunOptions options)
    {
        OutputDirectory.CheckApart(options);
        EngineState? saved = null;
        using var resumed = options.Resume ? OutputDirectory.Resume(options.Output, out saved) : null;
        var stack = TemplateLoader.Load(
            TemplateFile.Read(options.Template), PathText.Shown(options.Template),
            new TemplateOptions { Shards = options.Shards ?? saved?.ShardsOfEveryStream, Disable = options.Disable });
        saved?.CheckFits(stack);
        var reshard = options.Reshard is { } script ? ReshardScript.Read(script, stack) : [];
        using var isolated = options.Isolated ? IsolatedRun.Begin(options.Artifact, _terminal.Error) : null;
        var engineOptions = new EngineOptions(options.Output, PathText.Home, options.Seed)
        {
            Isolation = isolated?.Options,
            Reshard = reshard,
        };
        EmbeddedEngine.CheckFunctions(stack, engineOptions);
        using var input = OpenInput(options);
        using var prepared = saved is null ? OutputDirectory.Prepare(options) : null;
#pragma warning disable RS0030 // The process's entry point names the system clock; it is for the wall-clock figures.
        var run = new PipelineRun(stack, engineOptions, TimeProvider.System) { Progress = Progress() };
#pragma warning restore RS0030
        var summary = run.Play(input, options.Pace, saved);
        if (_terminal.Interactive)
        {
            _terminal.Error.Write(new string(' ', ProgressWidth) + "\r");
        }
        foreach (var warning in run.Engine!.Reshard.Warnings)
        {
            _terminal.Error.WriteLine($"pipeline: warning: {warning}");
        }
        if (options.Json)
        {
            JsonSerializer.Serialize(_terminal.Output, summary);
            _terminal.Output.Write("\n"u8);
        }
        else
        {
            new RunReport(_terminal).Write(options, stack, run.Engine, summary);
        }
        return Judge(options, summary, input?.Damage);
    }

    private FeedReader? OpenInput(RunOptions options)
    {
        var spool = Path.Combine(options.Output, "state", "engine", "oversize");
        return options.Input switch
        {
            null => null,
            RunOptions.StandardInput =>
                new FeedReader(LineSource.Open(_terminal.Input(), "standard input", spool)),
            var path => new FeedReader(LineSource.Open(path, spool)),
        };
    }

    private int Judge(RunOptions options, RunSummary summary, string? damage)
    {
        if (damage is not null)
        {
            return _terminal.Fail($"{damage} What came before was played.");
        }
        var accounting = summary.Accounting;
        if (!accounting.Balanced)
        {
            var sum = accounting.Archived + accounting.Rejected + accounting.DeadLettered + accounting.InFlight;
            return _terminal.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"the accounting does not balance: {summary.Input.Lines} lines went in, {sum} are accounted for."));
        }
        var commands = summary.Commands;
        if (!commands.Balanced)
        {
            var sum = commands.Executed + commands.Expired + commands.DeadLettered + commands.InFlight;
            return _terminal.Fail(string.Create(
                CultureInfo.InvariantCulture,
                $"the commands do not balance: {commands.Requested} were requested, {sum} are accounted for."));
        }
        return options.Disable.Count > 0 ? 0
            : accounting.InFlight > 0
                ? _terminal.Fail($"{accounting.InFlight} events are still in flight though nothing is disabled.")
            : commands.InFlight > 0
                ? _terminal.Fail($"{commands.InFlight} commands are still in flight though nothing is disabled.")
            : 0;
    }

    private Action<long>? Progress()
    {
        if (!_terminal.Interactive)
        {
            return null;
        }
        const long step = 10_000;
        var next = step;
        return lines =>
        {
            if (lines >= next)
            {
                next = lines - (lines % step) + step;
                _terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"{lines:N0} lines played\r"));
            }
        };
    }
}
