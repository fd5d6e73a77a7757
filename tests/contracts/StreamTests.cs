using Pipeline.Engine.Storage;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine keeps the contract of Kinesis.</summary>
public sealed class EngineStreamTests : StreamContract, IDisposable
{
    private readonly OutputFolder _folder = new();
    private readonly EngineStreams _streams;

    public EngineStreamTests() =>
        _streams = new EngineStreams(new DirectoryBucket(_folder.Path, _folder.EngineFiles));

    public void Dispose()
    {
        _streams.Dispose();
        _folder.Dispose();
    }

    protected override Task<IStreamService> ServiceAsync() => Task.FromResult<IStreamService>(_streams);
}

/// <summary>So does kinesis-local, but for its deviations.</summary>
public sealed class KinesisLocalStreamTests(KinesisLocal kinesis) : StreamContract
{
    protected override async Task<IStreamService> ServiceAsync() =>
        new KinesisLocalStreams(await kinesis.AddressAsync());
}

/// <summary>The engine's streams keep the contract of the control plane, through their API.</summary>
public sealed class EngineStreamControlTests : StreamControlContract, IDisposable
{
    private readonly OutputFolder _folder = new();
    private readonly EngineStreams _streams;

    public EngineStreamControlTests() =>
        _streams = new EngineStreams(new DirectoryBucket(_folder.Path, _folder.EngineFiles));

    public void Dispose()
    {
        _streams.Dispose();
        _folder.Dispose();
    }

    protected override Task<IStreamControl> ServiceAsync() => Task.FromResult<IStreamControl>(_streams);
}

/// <summary>kinesis-local keeps the contract of the control plane.</summary>
public sealed class KinesisLocalStreamControlTests(KinesisLocal kinesis) : StreamControlContract
{
    protected override async Task<IStreamControl> ServiceAsync() =>
        new KinesisLocalStreams(await kinesis.AddressAsync());
}

/// <summary>The stream port on AWS adds nothing to what the service answers, and takes nothing away.</summary>
public sealed class KinesisStreamsContractTests(KinesisLocal kinesis) : StreamContract
{
    protected override async Task<IStreamService> ServiceAsync() => await SdkStreams.OfAsync(kinesis);
}

/// <summary>Neither does the client in the control plane.</summary>
public sealed class KinesisClientControlTests(KinesisLocal kinesis) : StreamControlContract
{
    protected override async Task<IStreamControl> ServiceAsync() => await SdkStreams.OfAsync(kinesis);
}
