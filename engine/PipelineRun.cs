using System.Text.Json;
using System.Xml;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Template;

namespace Pipeline.Engine;

/// <summary>One run: plays input through the template until everything is quiet, then closes the books.</summary>
/// <param name="wall">The wall clock, for the two wall-clock figures of the summary and nothing else.</param>
public sealed class PipelineRun(StackModel stack, EngineOptions options, TimeProvider wall)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Called from time to time with the lines played so far.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Called with the engine before anything runs.</summary>
    public Action<EmbeddedEngine>? Starting { get; init; }

    /// <summary>The engine of the run, once it has begun.</summary>
    public EmbeddedEngine? Engine { get; private set; }

    /// <summary>Plays the input, or nothing but what is still in the pipes; writes <c>summary.json</c>.</summary>
    /// <param name="input">Null to only drain the pipes.</param>
    /// <param name="saved">Where an earlier run in the directory stopped; null for a new one.</param>
    public RunSummary Play(FeedReader? input, Pace pace, EngineState? saved)
    {
        var begun = wall.GetTimestamp();
        var start = saved?.Start ?? input?.FindStart() ?? FeedReader.DefaultStart;
        var engine = Engine = new EmbeddedEngine(stack, options, start, saved);
        Feed? feed = null;
        try
        {
            EngineState.Forget(engine.Files);
            Starting?.Invoke(engine);
            engine.Start();
            if (input is not null)
            {
                feed = new Feed(input, pace, engine.Raw, engine.Bucket, engine.Scheduler, engine.Slots, engine.Fork());
                engine.Scheduler.Start(feed.RunAsync);
            }
            engine.Scheduler.RunUntilIdle(() => Progress?.Invoke(feed?.Lines ?? 0));
        }
        finally
        {
            // Whatever happened, no process outlives the run, and nobody writes below its directory any more.
            engine.StopFunctions();
            engine.Files.Behind.Settle();
        }
        engine.MarkInFlight();
        var lines = feed?.Lines ?? 0;
        var state = engine.Save(start, (saved?.Lines ?? 0) + lines, (saved?.Bytes ?? 0) + (input?.Bytes ?? 0));
        var summary = Summarize(engine, state, lines, wall.GetElapsedTime(begun).TotalSeconds);
        state.Save(engine.Files);
        File.WriteAllBytes(
            Path.Combine(options.OutputDirectory, "summary.json"),
            JsonSerializer.SerializeToUtf8Bytes(summary, Indented));
        return summary;
    }

    private static RunSummary Summarize(EmbeddedEngine engine, EngineState state, long lines, double seconds)
    {
        var sums = engine.Auditor.Ledger.Sum();
        long Late(string kind) => engine.Functions.Sum(f => f.Counters.Late.GetValueOrDefault(kind));
        return new RunSummary
        {
            Input = new InputSummary(state.Lines, state.Bytes),
            Functions = new SortedDictionary<string, FunctionSummary>(
                engine.Functions.ToDictionary(f => f.Name, f => new FunctionSummary(
                    f.Counters.Invocations, f.Counters.Records, f.Counters.Emitted, f.Counters.Dropped,
                    f.Counters.Rejected, f.Counters.Retries)),
                StringComparer.Ordinal),
            Accounting = new AccountingSummary(
                sums.Archived, sums.Rejected, sums.DeadLettered, engine.Auditor.Ledger.Redelivered, sums.InFlight,
                sums.Archived + sums.Rejected + sums.DeadLettered + sums.InFlight == state.Lines),
            Duplicates = engine.Auditor.Identities.CountRepeats(),
            Commands = engine.Commands.Sum(engine.Queues),
            Lateness = new LatenessSummary(
                Late("late"), Late("overtaken"), engine.Auditor.AgedOut, Late("beyondHorizon")),
            VirtualDuration = XmlConvert.ToString(state.Clock - state.Start),
            WallSeconds = Math.Round(seconds, 3),
            EventsPerSecond = seconds > 0 ? Math.Round(lines / seconds, 1) : 0,
        };
    }
}
