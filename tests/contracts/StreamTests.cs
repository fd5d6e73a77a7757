using Pipeline.Engine.Storage;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine keeps the contract of Kinesis.</summary>
public sealed class EngineStreamTests : StreamContract, IDisposable
{
    private readonly OutputFolder _folder = new();
    private readonly EngineStreams _streams;

    public EngineStreamTests() =>
        _streams = new EngineStreams(new DirectoryBucket(_folder.Path, new EngineFiles(_folder.Path)));

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

/// <summary>The engine's streams have a fixed set of shards, and the engine alone reads them.</summary>
public sealed class EngineStreamControlTests : StreamControlContract
{
    protected override Task<IStreamControl> ServiceAsync()
    {
        Assert.Skip("The engine's streams have no GetShardIterator, GetRecords, SplitShard and MergeShards.");
        return null!;
    }
}

/// <summary>kinesis-local keeps the contract of the control plane.</summary>
public sealed class KinesisLocalStreamControlTests(KinesisLocal kinesis) : StreamControlContract
{
    protected override async Task<IStreamControl> ServiceAsync() =>
        new KinesisLocalStreams(await kinesis.AddressAsync());
}
