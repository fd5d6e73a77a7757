using System.Diagnostics;
using Pipeline.Core;
using Pipeline.Engine.Isolation;
using Pipeline.Engine.Loopback;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Functions;

/// <summary>
/// One function of a template by itself: its streams and queues are there, empty and read by nobody, and its bucket is
/// the output directory.
/// </summary>
/// <remarks>
/// Only this function is started, so what is wrong with the configuration of another one does not matter. The same
/// template, bucket, payload and seed give the same bytes.
/// </remarks>
public sealed class LoneFunction : IDisposable
{
    private readonly EngineFiles _files;
    private readonly IsolatedFunctions? _isolated;
    private readonly FunctionHost _host;

    /// <param name="stack">What the function's settings name.</param>
    /// <param name="model">The function.</param>
    /// <param name="start">When the clock begins.</param>
    /// <exception cref="ConfigurationException">
    /// The function is unknown, or a setting or file of its configuration is wrong.
    /// </exception>
    public LoneFunction(StackModel stack, FunctionModel model, EngineOptions options, DateTimeOffset start)
    {
        var random = new Random(options.Seed);
        _files = new EngineFiles(options.OutputDirectory);
        Scheduler = new Scheduler(start, options.Isolation?.RealTime);
        World = new World(new DirectoryBucket(options.OutputDirectory, _files));
        Scheduler.Idle += World.Bucket.Flush;
        var logs = new StreamLogs(_files);
        foreach (var stream in stack.Streams)
        {
            World.Add(new DataStream(stream, logs, Scheduler, options.Settings));
        }
        foreach (var queue in stack.Queues)
        {
            World.Add(new MessageQueue(queue, Scheduler, new Random(random.Next())));
        }
        var account = new AccountConcurrency([model], options.Settings.AccountConcurrency);
        _isolated = options.Isolation is { } isolation
            ? new IsolatedFunctions(isolation, Scheduler, Services(stack))
            : null;
        IInstances instances = _isolated ?? (IInstances)new InProcessInstances(World, Scheduler, options);
        try
        {
            _host = new FunctionHost(
                model, account.PoolOf(model), instances, Scheduler, options, new Random(random.Next()));
            _isolated?.AwaitStart();
        }
        catch
        {
            _isolated?.Dispose();
            throw;
        }
    }

    /// <summary>Starts the function once, without a world, to hear of mistakes in its configuration.</summary>
    /// <exception cref="ConfigurationException">The function is unknown, or a setting or file is wrong.</exception>
    public static void Check(FunctionModel model, EngineOptions options)
    {
        if (options.Isolation is { } isolation)
        {
            IsolatedFunctions.Check([model], isolation);
        }
        else
        {
            InProcessInstances.Check(model, options);
        }
    }

    /// <summary>What the function reaches.</summary>
    public World World { get; }

    public Scheduler Scheduler { get; }

    /// <summary>What the function said of its invocations.</summary>
    public FunctionCounters Counters => _host.Counters;

    /// <summary>
    /// Invokes the function, and lets everything come to its end that it started; its process too, if it has one.
    /// </summary>
    /// <param name="records">Records or messages in the payload: they take virtual time.</param>
    public InvocationResult Invoke(ReadOnlyMemory<byte> payload, int records)
    {
        InvocationResult? result = null;
        Scheduler.Start(async () => result = await _host.InvokeAsync(payload, records));
        try
        {
            Scheduler.RunUntilIdle();
        }
        finally
        {
            // Whatever happened, no process goes on, and nobody writes below the directory any more.
            Dispose();
            _files.Behind.Settle();
        }
        return result ?? throw new UnreachableException("The scheduler came to rest before the invocation's end.");
    }

    /// <summary>Ends the function's process, if it has one.</summary>
    public void Dispose() => _isolated?.Dispose();

    /// <summary>The records that lie in a stream, shard by shard, each shard's in their order.</summary>
    public IEnumerable<(Shard Shard, LoggedRecord Record)> RecordsIn(DataStream stream)
    {
        foreach (var shard in stream.Shards)
        {
            var cursor = shard.Log.TrimHorizon;
            while (shard.Log.TryRead(ref cursor, long.MaxValue, Scheduler.Now, out var record))
            {
                yield return (shard, record);
            }
        }
    }

    private IReadOnlyList<IService> Services(StackModel stack) =>
    [
        new KinesisService(new StreamApi(World.Streams, Scheduler)),
        new QueueService(World),
        new ObjectService(World.Bucket, [.. stack.Buckets.Select(bucket => bucket.Name)], Scheduler.Clock),
    ];
}
