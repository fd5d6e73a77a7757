using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core;
using Pipeline.Engine.Feeding;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;
using Pipeline.Functions;

namespace Pipeline.Engine.Simulation;

/// <summary>What simulations are played with.</summary>
/// <param name="Template">The synthesized template whose values each seed draws anew: JSON, UTF-8.</param>
/// <param name="TaskRoot">The folder that holds the functions' configuration.</param>
/// <param name="Scratch">A folder for the runs' files, best in memory; each run deletes its own.</param>
/// <param name="Generate">Makes the lines of a load.</param>
public sealed record SimulationSetup(
    ReadOnlyMemory<byte> Template, string TaskRoot, string Scratch, Func<Load, byte[]> Generate)
{
    /// <summary>Finds a function by name; tests bring broken ones, to see them caught.</summary>
    public Func<string, Compose> Functions { get; init; } = Catalogue.Find;

    /// <summary>Changes the drawn template once more; tests break it, to see that caught.</summary>
    public Action<JsonObject>? Change { get; init; }
}

/// <summary>
/// Plays the whole pipeline under a seed that decides its parameters, its load and everything that breaks, and judges
/// it: safety after every instant, that time moves and comes to rest once nothing breaks any more, all laws at the end.
/// </summary>
/// <remarks>
/// Deterministic: equal seeds and limits give equal runs to the last effect. Not safe for several threads at once;
/// several simulations may run beside each other with scratch folders of their own.
/// </remarks>
public sealed class Simulator
{
    /// <summary>A law of liveness, beside that of <see cref="QuietWatch"/>.</summary>
    private const string TimeMoves = "The work of any moment comes to an end, so that time moves on.";

    private const string NoDefect = "No code of the pipeline or the engine throws what nobody expects.";

    private readonly SimulationSetup _setup;
    private readonly RunLaws _runLaws;
    private readonly CommandLaws _commandLaws;

    /// <exception cref="ConfigurationException">The functions' configuration is wrong.</exception>
    public Simulator(SimulationSetup setup)
    {
        _setup = setup;
        _runLaws = new RunLaws(setup.TaskRoot);
        _commandLaws = new CommandLaws(setup.TaskRoot);
    }

    /// <summary>Plays a seed.</summary>
    /// <exception cref="TemplateException">The template cannot be honoured.</exception>
    /// <exception cref="ConfigurationException">The template hides what the laws are about.</exception>
    public SimulationResult Play(int seed, SimulationLimits limits)
    {
        var plan = SimulationPlan.Draw(seed, limits);
        var stack = LoadStack(plan);
        var folder = Path.Combine(_setup.Scratch, $"seed-{seed}");
        Directory.CreateDirectory(folder);
        using var trace = new EffectTrace();
        var faults = new PlannedFaults(plan);
        var input = _setup.Generate(plan.Load);
        var played = new SimulationResult
        {
            Plan = plan,
            Events = plan.Load.Events,
            Effects = 0,
            TraceHash = "",
            Faults = new Dictionary<string, long>(),
        };
        try
        {
            played = played with { QuietAfter = Judge(plan, stack, folder, input, faults, trace) };
        }
        catch (BrokenLawException broken)
        {
            played = played with { Law = broken.Law, Found = broken.Found };
        }
        catch (LivelockException livelock)
        {
            played = played with { Law = TimeMoves, Found = livelock.Message };
        }
#pragma warning disable CA1031 // Whatever else comes out of a run is a defect, and a defect fails its seed.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            played = played with { Law = NoDefect, Found = defect.ToString() };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return played with { Effects = trace.Effects, TraceHash = trace.Hash(), Faults = faults.Counts() };
    }

    /// <summary>Runs and judges; answers how long after calm the pipeline still worked.</summary>
    private TimeSpan Judge(
        SimulationPlan plan, StackModel stack, string folder, byte[] input, PlannedFaults faults, EffectTrace trace)
    {
        SafetyWatch? safety = null;
        QuietWatch? quiet = null;
        var run = new PipelineRun(stack, OptionsOf(plan, folder, faults, trace), NoWall())
        {
            Starting = engine =>
            {
                trace.Watch(engine);
                faults.Begin(engine.Scheduler);
                safety = new SafetyWatch(engine);
                quiet = new QuietWatch(engine, faults, plan, safety, plan.Load.Events);
            },
            Progress = _ =>
            {
                safety!.Check();
                quiet!.Check();
            },
        };
        using var lines = LineSource.Open(new MemoryStream(input), "load", Path.Combine(folder, "spool"));
        using var reader = new FeedReader(lines);
        var summary = run.Play(reader, plan.Pace, saved: null);
        var output = new RunOutput(folder);
        _runLaws.Check(input, summary, output, gaveUp: true);
        _commandLaws.Check(summary, output, gaveUp: true);
        trace.Deliveries.Check(run.Engine!.Queues);
        var after = run.Engine.Scheduler.Now - quiet!.Calm;
        return after > TimeSpan.Zero ? after : TimeSpan.Zero;
    }

    /// <summary>Everything of a plan that the engine is told: what happens to it during a run begins here.</summary>
    private EngineOptions OptionsOf(SimulationPlan plan, string folder, PlannedFaults faults, EffectTrace trace) =>
        new(folder, _setup.TaskRoot, plan.EngineSeed)
        {
            Settings = plan.Settings,
            Faults = faults,
            Reshard = plan.Reshard,
            Functions = trace.Watch(_setup.Functions),
        };

    private StackModel LoadStack(SimulationPlan plan)
    {
        var template = JsonNode.Parse(_setup.Template.Span)!.AsObject();
        var resources = template["Resources"]!.AsObject();
        PlannedTemplate.Draw(resources, plan.Seed, plan.Limits);
        _setup.Change?.Invoke(resources);
        var stack = TemplateLoader.Load(
            Encoding.UTF8.GetBytes(template.ToJsonString()), $"template of seed {plan.Seed}", TemplateOptions.None);
        return stack.KinesisMappings.FirstOrDefault(mapping => mapping.OnFailure is QueueModel) is { } silent
            ? throw new ConfigurationException(
                $"{silent.LogicalId} gives up to the queue {silent.OnFailure!.LogicalId}, which is not told the "
                + "events; a simulation judges every event, so the destination must be a bucket.")
            : stack;
    }

    /// <summary>No figure of a simulation is of the wall clock.</summary>
    private static TimeProvider NoWall() => new Scheduler(DateTimeOffset.UnixEpoch).Clock;
}
