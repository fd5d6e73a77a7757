using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Contracts;

namespace Pipeline.Tests.Loopback;

/// <summary>Through the loopback server the engine's streams keep the contract of Kinesis.</summary>
public sealed class LoopbackStreamTests : StreamContract, IDisposable
{
    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override Task<IStreamService> ServiceAsync() =>
        Task.FromResult<IStreamService>(new LoopbackStreams(_bench));
}

/// <summary>And that of its control plane.</summary>
public sealed class LoopbackStreamControlTests : StreamControlContract, IDisposable
{
    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override Task<IStreamControl> ServiceAsync() =>
        Task.FromResult<IStreamControl>(new LoopbackStreams(_bench));
}

/// <summary>The port on AWS and the client of Kinesis find it as they find AWS.</summary>
public sealed class LoopbackKinesisStreamsTests : StreamContract, IDisposable
{
    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override Task<IStreamService> ServiceAsync() => Task.FromResult<IStreamService>(
        new LoopbackStreams(_bench, new SdkStreams(SdkStreams.CreateClient(_bench.Address), [])));
}

/// <summary>Also in the control plane.</summary>
public sealed class LoopbackKinesisControlTests : StreamControlContract, IDisposable
{
    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override Task<IStreamControl> ServiceAsync() => Task.FromResult<IStreamControl>(
        new LoopbackStreams(_bench, new SdkStreams(SdkStreams.CreateClient(_bench.Address), [])));
}

/// <summary>
/// Through the loopback server, the SDK's client and our adapter, the engine's queues keep the contract of SQS.
/// </summary>
public sealed class LoopbackQueueTests : QueueContract, IDisposable
{
    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override Task<IQueueService> ServiceAsync() => Task.FromResult<IQueueService>(
        new QueuesByPort(new SqsQueues(_bench.Sqs()), new EngineQueues(_bench.World, _bench.Scheduler)));
}

/// <summary>And its bucket that of S3.</summary>
public sealed class LoopbackObjectTests : ObjectStoreContract, IDisposable
{
    private readonly LoopbackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    protected override Task<IBucketPort> StoreAsync() =>
        Task.FromResult<IBucketPort>(new S3Bucket(_bench.S3(), LoopbackBench.BucketName));
}
