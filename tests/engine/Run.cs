using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Isolation;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Template;
using Pipeline.Functions;

namespace Pipeline.Tests.Engine;

/// <summary>A run of the committed template in a directory of its own.</summary>
internal sealed class Run : IDisposable
{
    private static readonly string s_home = AppContext.BaseDirectory;

    public OutputFolder Folder { get; init; } = new();

    /// <summary>What is changed in the template.</summary>
    public Action<JsonObject> Change { get; init; } = _ => { };

    public Faults Faults { get; init; } = Faults.None;

    public Func<string, Compose> Functions { get; init; } = Catalogue.Find;

    public int Seed { get; init; }

    /// <summary>The stack of the last run.</summary>
    public StackModel? Stack { get; private set; }

    /// <summary>Runs the functions as processes; null for this process.</summary>
    public IsolationOptions? Isolation { get; init; }

    /// <summary>The first lines of the committed sample: good ones, bad ones, repeated ones.</summary>
    public static byte[] Sample(int lines)
    {
        var text = File.ReadAllBytes(Path.Combine(s_home, "events", "sample.ndjson"));
        var end = 0;
        for (; lines > 0; lines--)
        {
            end += text.AsSpan(end).IndexOf((byte)'\n') + 1;
        }
        return text[..end];
    }

    /// <summary>Plays input; null only drains what an earlier run in the directory left.</summary>
    public RunSummary Play(byte[]? input, Pace pace = Pace.Event, string name = "in.ndjson", params string[] disable)
    {
        var file = Path.Combine(s_home, "infra", "pipeline.template.json");
        var template = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Change(template["Resources"]!.AsObject());
        var stack = Stack = TemplateLoader.Load(
            Encoding.UTF8.GetBytes(template.ToJsonString()), file,
            new TemplateOptions { Disable = disable });
        var options = new EngineOptions(Folder.Path, s_home, Seed)
        {
            Faults = Faults,
            Functions = Functions,
            Isolation = Isolation,
        };
        using var inputs = new OutputFolder();
        using var reader = input is null
            ? null
            : new FeedReader(LineSource.Open(inputs.Write(name, input), Folder.File("state/engine/oversize")));
        var saved = EngineState.Load(new EngineFiles(Folder.Path));
        return new PipelineRun(stack, options, new Ticks()).Play(reader, pace, saved);
    }

    public void Dispose() => Folder.Dispose();

    /// <summary>A wall clock that moves a second whenever it is looked at.</summary>
    private sealed class Ticks : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}
