using Pipeline.Core;
using Pipeline.Engine.Accounting;
using Pipeline.Engine.Delivery;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Isolation;
using Pipeline.Engine.Loopback;
using Pipeline.Engine.Mappings;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine;

/// <summary>Executes a synthesized template on one machine, keeping AWS's contract, under a clock of its own.</summary>
/// <remarks>One thread owns everything; the same template, input and seed give the same bytes.</remarks>
public sealed class EmbeddedEngine : IDisposable
{
    /// <summary>The function whose mapping reads what producers write.</summary>
    public const string FirstFunction = "Validate";

    /// <summary>Sets the randomness of resumed runs apart, also from that of neighbouring seeds.</summary>
    private const int RunSeedStep = 0x61C88647;

    private readonly EngineOptions _options;
    private readonly EngineState? _saved;
    private readonly IsolatedFunctions? _isolated;

    /// <summary>Builds everything that the template names; nothing runs yet.</summary>
    /// <exception cref="ConfigurationException">
    /// A function's configuration is wrong, nothing takes the input, or what was saved does not fit.
    /// </exception>
    /// <param name="start">When the clock begins; a saved state has its own.</param>
    /// <param name="saved">Where an earlier run stopped; null for a new one.</param>
    public EmbeddedEngine(StackModel stack, EngineOptions options, DateTimeOffset start, EngineState? saved = null)
    {
        (Stack, _options, _saved) = (stack, options, saved);
        saved?.CheckFits(stack);
        Random = new Random(unchecked(options.Seed + ((saved?.Runs ?? 0) * RunSeedStep)));
        Scheduler = new Scheduler(saved?.Clock ?? start, options.Isolation?.RealTime);
        Files = new EngineFiles(options.OutputDirectory);
        Bucket = new DirectoryBucket(options.OutputDirectory, Files);
        Scheduler.Idle += Bucket.Flush;
        World = new World(Bucket);
        var logs = new StreamLogs(Files);
        foreach (var model in stack.Streams)
        {
            var before = saved?.Streams.Single(stream => stream.Model.Name == model.Name);
            World.Add(new DataStream(model, logs, Scheduler, options.Settings, before)
            {
                RefusePut = _ => _options.Faults.OnPut(model.Name),
            });
        }
        StreamApi = new StreamApi(World.Streams, Scheduler, ConsumersOf);
        Reshard = new ReshardSchedule(
            options.Reshard, World.Streams, StreamApi, Scheduler, SlotRule.Of(stack.Functions));
        _isolated = options.Isolation is { } isolation
            ? new IsolatedFunctions(
                isolation, Scheduler, EngineServices.Of(stack, StreamApi, World, Scheduler.Clock))
            : null;
        IInstances instances = _isolated ?? (IInstances)new InProcessInstances(World, Scheduler, options);
        try
        {
            var account = new AccountConcurrency(stack.Functions, options.Settings.AccountConcurrency);
            Functions = [.. stack.Functions.Select(model => new FunctionHost(
                model, account.PoolOf(model), instances, Scheduler, options, Fork()))];
            _isolated?.AwaitStart();
            Mappings = [.. stack.KinesisMappings.Select(model => new KinesisMapping(
                model, World.Stream(model.Stream.Name), HostOf(model.Function), World, Scheduler, options, Fork()))];
            Deliveries = [.. stack.DeliveryStreams.Select(model => new DeliveryStream(
                model, World.Stream(model.Stream.Name), World, Scheduler, options.Settings, Fork()))];
            Queues = CreateQueues();
            QueueMappings = [.. stack.QueueMappings.Select(model => new QueueMapping(
                model, World.Queue(model.Queue.Url), HostOf(model.Function), Scheduler, options))];
            Raw = RawStream();
            Auditor = new Auditor(Raw, Bucket, new Ledger(), new IdentityCount(Files), stack.Functions);
            var letters = new QueuedLetters(Auditor, World.Streams, stack.KinesisMappings, Scheduler);
            foreach (var queue in Queues)
            {
                queue.Sent += letters.Take;
            }
            Commands = new CommandLedger(Queues, Bucket);
        }
        catch
        {
            _isolated?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts each function once, to hear of mistakes in its configuration before anything is written.
    /// </summary>
    /// <exception cref="ConfigurationException">A setting or a file is wrong.</exception>
    public static void CheckFunctions(StackModel stack, EngineOptions options)
    {
        if (options.Isolation is { } isolation)
        {
            IsolatedFunctions.Check(stack.Functions, isolation);
            return;
        }
        foreach (var model in stack.Functions)
        {
            InProcessInstances.Check(model, options);
        }
    }

    public StackModel Stack { get; }

    public Scheduler Scheduler { get; }

    public EngineFiles Files { get; }

    public DirectoryBucket Bucket { get; }

    public World World { get; }

    public IReadOnlyList<FunctionHost> Functions { get; }

    public IReadOnlyList<KinesisMapping> Mappings { get; }

    public IReadOnlyList<DeliveryStream> Deliveries { get; }

    public IReadOnlyList<MessageQueue> Queues { get; }

    public IReadOnlyList<QueueMapping> QueueMappings { get; }

    /// <summary>The stream that producers write to.</summary>
    public DataStream Raw { get; }

    /// <summary>The streams' operations as the API has them.</summary>
    public StreamApi StreamApi { get; }

    /// <summary>What is done with shards in this run.</summary>
    public ReshardSchedule Reshard { get; }

    public Auditor Auditor { get; }

    public CommandLedger Commands { get; }

    /// <summary>The engine's source of randomness; each user takes a fork, in a fixed order.</summary>
    public Random Random { get; }

    /// <summary>How partition keys fall into packs, as the function that reads the input has it.</summary>
    public Slots Slots
    {
        get
        {
            var first = Stack.Functions.Single(f => f.Function == FirstFunction);
            return new Pipeline.Functions.Settings(FirstFunction, first.Environment).Slots("SLOTS");
        }
    }

    /// <summary>A generator of its own for one user.</summary>
    public Random Fork() => new(Random.Next());

    /// <summary>
    /// Starts everything: each resource when what it depends on is there, or, after a pause, at once where it stopped.
    /// </summary>
    public void Start()
    {
        if (_saved is null)
        {
            Deploy();
        }
        else
        {
            Restore(_saved);
        }
        Reshard.Start();
    }

    /// <summary>Saves where everything stands; to be called when the engine is quiet.</summary>
    public EngineState Save(DateTimeOffset start, long lines, long bytes)
    {
        // What was delivered is accounted for when it is written.
        Files.Behind.AwaitAll();
        Auditor.Ledger.Save(Files);
        Commands.Save(Files);
        return new EngineState
        {
            Clock = Scheduler.Now,
            Start = start,
            Runs = (_saved?.Runs ?? 0) + 1,
            Lines = lines,
            Bytes = bytes,
            AgedOut = Auditor.AgedOut,
            Slots = SlotRule.Of(Stack.Functions),
            Streams = [.. World.Streams.Select(stream => stream.Save())],
            Readers = new(Readers().ToDictionary(
                reader => reader.LogicalId,
                reader => reader.Stream.Shards.Select(shard => ShardLog.Save(reader.Checkpoint(shard))).ToList())),
            Queues = [.. Queues.Select(queue => QueueFile.Save(queue, Files))],
            QueueMappings = [.. QueueMappings.Select(mapping => mapping.LogicalId)],
            Functions = new(Functions.ToDictionary(f => f.LogicalId, f => f.Counters.Save())),
        };
    }

    private void Deploy()
    {
        var readyAt = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var resource in Stack.Resources)
        {
            var begin = resource.DependsOn.Select(id => readyAt.GetValueOrDefault(id)).DefaultIfEmpty().Max();
            var ready = begin + _options.Settings.CreationTimes.GetValueOrDefault(resource.Type);
            readyAt.Add(resource.LogicalId, ready);
            if (StartOf(resource.LogicalId) is { } start)
            {
                Scheduler.Start(async () =>
                {
                    await Task.Delay(ready, Scheduler.Clock);
                    start();
                });
            }
        }
    }

    /// <summary>
    /// Ends all function processes, if there are any, and takes what they wrote; nothing is invoked after this.
    /// </summary>
    public void StopFunctions() => _isolated?.Dispose();

    public void Dispose()
    {
        StopFunctions();
        Auditor.Dispose();
    }

    private void Restore(EngineState saved)
    {
        Auditor.Ledger.Restore(Files);
        Commands.Restore(Files);
        Auditor.AgedOut = saved.AgedOut;
        foreach (var function in Functions)
        {
            function.Counters.Restore(saved.Functions[function.LogicalId]);
        }
        foreach (var reader in Readers())
        {
            // A shard that was made while nothing ran has no reader yet; it is read from its first record.
            var cursors = saved.Readers[reader.LogicalId];
            foreach (var shard in reader.Stream.Shards)
            {
                var isNew = shard.Index >= cursors.Count;
                reader.Restore(shard, isNew ? shard.Log.TrimHorizon : shard.Log.At(cursors[shard.Index]));
            }
        }
        foreach (var queue in Queues)
        {
            QueueFile.Restore(queue, saved.Queues.Single(state => state.Queue == queue.Model.LogicalId), Files);
        }
        foreach (var resource in Stack.Resources)
        {
            StartOf(resource.LogicalId)?.Invoke();
        }
    }

    /// <summary>Marks what still lies in the pipes, before the books are closed.</summary>
    public void MarkInFlight()
    {
        // What was delivered is accounted for when it is written.
        Files.Behind.AwaitAll();
        Auditor.Ledger.ClearInFlight();
        foreach (var stream in World.Streams)
        {
            foreach (var shard in stream.Shards)
            {
                var cursors = Readers().Where(reader => reader.Stream == stream)
                    .Select(reader => reader.Checkpoint(shard))
                    .DefaultIfEmpty(shard.Log.TrimHorizon);
                foreach (var start in cursors)
                {
                    var cursor = start;
                    while (shard.Log.TryRead(ref cursor, long.MaxValue, Scheduler.Now, out var record))
                    {
                        Auditor.MarkInFlight(stream, shard, record);
                    }
                }
            }
        }
    }

    private int ConsumersOf(string streamArn) => Stack.KinesisMappings
        .Where(mapping => mapping.Consumer is not null && mapping.Stream.Arn == streamArn)
        .Select(mapping => mapping.Consumer).Distinct().Count();

    private FunctionHost HostOf(FunctionModel model) => Functions.Single(f => f.LogicalId == model.LogicalId);

    private IEnumerable<IStreamReader> Readers() => [.. Mappings, .. Deliveries];

    private Action? StartOf(string logicalId) =>
        Readers().FirstOrDefault(reader => reader.LogicalId == logicalId) is { } found
            ? found.Start
            : QueueMappings.FirstOrDefault(mapping => mapping.LogicalId == logicalId) is { } mapping
                ? mapping.Start
                : null;

    private List<MessageQueue> CreateQueues()
    {
        var queues = Stack.Queues.ToDictionary(
            model => model.LogicalId,
            model => new MessageQueue(model, Scheduler, Fork())
            {
                RefuseSend = () => _options.Faults.OnSend(model.Name),
            },
            StringComparer.Ordinal);
        foreach (var queue in queues.Values)
        {
            queue.DeadLetters = queue.Model.Redrive is { } redrive ? queues[redrive.DeadLetterQueue] : null;
            World.Add(queue);
        }
        return [.. Stack.Queues.Select(model => queues[model.LogicalId])];
    }

    private DataStream RawStream() =>
        Mappings.FirstOrDefault(m => m.Function.Name == FirstFunction)?.Stream
        ?? throw new ConfigurationException(
            $"The template maps no stream to the function {FirstFunction}, so nothing would take the input.");
}
