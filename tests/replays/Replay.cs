using Pipeline.Engine;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Replays;

/// <summary>A function of the committed template by itself, in a directory that goes with it.</summary>
internal sealed class Replay : IDisposable
{
    private readonly OutputFolder _folder = new();

    public Replay(string function, DateTimeOffset start)
    {
        Model = Stack.Functions.Single(model => model.Function == function);
        Function = new LoneFunction(Stack, Model, new EngineOptions(_folder.Path, AppContext.BaseDirectory, 0), start);
    }

    /// <summary>What the committed template says.</summary>
    public static StackModel Stack { get; } = TemplateLoader.Load(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json")),
        "pipeline.template.json",
        TemplateOptions.None);

    public FunctionModel Model { get; }

    public LoneFunction Function { get; }

    /// <summary>The stream that a function reads; null when it reads none.</summary>
    public static StreamModel? InputOf(string function) =>
        Stack.KinesisMappings.SingleOrDefault(mapping => mapping.Function.Function == function)?.Stream;

    /// <summary>Whether a function takes the messages of a queue.</summary>
    public static bool TakesMessages(string function) =>
        Stack.QueueMappings.Any(mapping => mapping.Function.Function == function);

    public DataStream Stream(string logicalId) =>
        Function.World.Streams.Single(stream => stream.Model.LogicalId == logicalId);

    public MessageQueue Queue(string logicalId) =>
        Function.World.Queues.Single(queue => queue.Model.LogicalId == logicalId);

    public IReadOnlyList<LoggedRecord> Records(string stream) =>
        [.. Function.RecordsIn(Stream(stream)).Select(read => read.Record)];

    public void Dispose()
    {
        Function.Dispose();
        _folder.Dispose();
    }
}
