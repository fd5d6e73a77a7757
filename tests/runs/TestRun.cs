using System.Text.Json.Nodes;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Isolation;
using Pipeline.Engine.Simulation;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;

namespace Pipeline.Tests.Runs;

/// <summary>A whole run in a directory of its own, with a template changed as a test wants it.</summary>
internal sealed class TestRun : IDisposable
{
    private static readonly string CommittedTemplate =
        Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json");

    // A judge is for one thread at a time, and tests run beside each other.
    private static readonly ThreadLocal<RunLaws> s_runLaws = new(() => new RunLaws(AppContext.BaseDirectory));

    private static readonly ThreadLocal<CommandLaws> s_commandLaws =
        new(() => new CommandLaws(AppContext.BaseDirectory));

    private string? _taskRoot;

    public TestRun() => Directory = System.IO.Directory.CreateTempSubdirectory("pipeline-run-").FullName;

    /// <summary>The laws of any run, under the committed configuration.</summary>
    public static RunLaws RunLaws => s_runLaws.Value!;

    /// <summary>The laws of any run's commands, under the committed configuration.</summary>
    public static CommandLaws CommandLaws => s_commandLaws.Value!;

    public string Directory { get; }

    /// <summary>The run whose output directory this one goes on in.</summary>
    public TestRun? Continues { get; init; }

    public string OutputDirectory => Continues?.OutputDirectory ?? Path.Combine(Directory, "out");

    public RunOutput Output => new(OutputDirectory);

    public Faults Faults { get; init; } = Faults.None;

    /// <summary>Runs the functions as processes; null for this process.</summary>
    public IsolationOptions? Isolation { get; init; }

    public EngineSettings Settings { get; init; } = new();

    public IReadOnlyList<ReshardStep> Reshard { get; init; } = [];

    public int Seed { get; init; }

    public Pace Pace { get; init; }

    public TemplateOptions TemplateOptions { get; init; } = TemplateOptions.None;

    /// <summary>Changes the committed template before it is loaded.</summary>
    public Action<JsonObject>? Change { get; init; }

    /// <summary>Called when the engine is there and before anything runs.</summary>
    public Action<EmbeddedEngine>? OnStart { get; init; }

    /// <summary>The engine of the last run.</summary>
    public EmbeddedEngine? Engine { get; private set; }

    /// <summary>Generated lines, the same for the same options.</summary>
    public static byte[] Generate(GenerateOptions options)
    {
        using var lines = new MemoryStream();
        EventGenerator.Write(options, lines);
        return lines.ToArray();
    }

    /// <summary>Plays input; null resumes and only drains.</summary>
    public RunSummary Play(byte[]? input, EngineState? saved = null)
    {
        System.IO.Directory.CreateDirectory(OutputDirectory);
        var options = new EngineOptions(OutputDirectory, _taskRoot ?? AppContext.BaseDirectory, Seed)
        {
            Faults = Faults,
            Settings = Settings,
            Isolation = Isolation,
            Reshard = Reshard,
        };
        var clock = new Pipeline.Engine.Time.Scheduler(DateTimeOffset.UnixEpoch).Clock;
        var run = new PipelineRun(LoadStack(), options, clock) { Starting = OnStart };
        using var reader = input is null
            ? null
            : new FeedReader(LineSource.Open(new MemoryStream(input), "test", Path.Combine(Directory, "spool")));
        var summary = run.Play(reader, Pace, saved);
        Engine = run.Engine;
        return summary;
    }

    /// <summary>Changes a file of the configuration, in a copy of its own.</summary>
    public void Edit(string file, Func<string, string> change)
    {
        if (_taskRoot is null)
        {
            _taskRoot = Path.Combine(Directory, "task");
            Copy(Path.Combine(AppContext.BaseDirectory, "config"), Path.Combine(_taskRoot, "config"));
            Copy(Path.Combine(AppContext.BaseDirectory, "geo"), Path.Combine(_taskRoot, "geo"));
        }
        var path = Path.Combine(_taskRoot, "config", file);
        var before = File.ReadAllText(path);
        var after = change(before);
        Xunit.Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }

    /// <summary>Goes on where the last run stopped.</summary>
    public RunSummary Resume(byte[]? input = null) =>
        Play(input, EngineState.Load(new Pipeline.Engine.Storage.EngineFiles(OutputDirectory)));

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private StackModel LoadStack()
    {
        var template = JsonNode.Parse(File.ReadAllBytes(CommittedTemplate))!.AsObject();
        Change?.Invoke(template["Resources"]!.AsObject());
        var bytes = System.Text.Encoding.UTF8.GetBytes(template.ToJsonString());
        return TemplateLoader.Load(bytes, "test.json", TemplateOptions);
    }
}
