using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Xunit;

namespace Pipeline.Tests.Contracts;

/// <summary>The stream port on AWS, before LocalStack.</summary>
public sealed class LocalStackStreamTests(LocalStackHost host) : StreamContract
{
    protected override async Task<IStreamService> ServiceAsync() => await SdkStreams.OfAsync(host);
}

/// <summary>The client of Kinesis, before LocalStack.</summary>
public sealed class LocalStackStreamControlTests(LocalStackHost host) : StreamControlContract
{
    protected override async Task<IStreamControl> ServiceAsync() => await SdkStreams.OfAsync(host);
}

/// <summary>The queue port on AWS, before LocalStack.</summary>
public sealed class LocalStackQueueTests(LocalStackHost host) : QueueContract
{
    protected override async Task<IQueueService> ServiceAsync()
    {
        var address = await host.AddressAsync();
        return SqsQueuesContractTests.CreateService(address, new FauxqsQueues(address, Deviations.OfLocalStack));
    }
}

/// <summary>The bucket port on AWS, before LocalStack.</summary>
public sealed class LocalStackObjectTests(LocalStackHost host) : ObjectStoreContract
{
    private static int s_buckets;

    protected override IReadOnlyCollection<Deviation> Listed => Deviations.OfLocalStack;

    protected override async Task<IBucketPort> StoreAsync()
    {
        var client = S3BucketContractTests.CreateClient(await host.AddressAsync());
        var bucket = $"port-{Interlocked.Increment(ref s_buckets)}";
        await client.PutBucketAsync(bucket);
        return new S3Bucket(client, bucket);
    }
}

/// <summary>Where there is no engine, that is found out at once.</summary>
public sealed class LocalStackHostTests
{
    [Theory]
    [InlineData("unix:///var/run/no-engine.sock")]
    [InlineData("tcp://127.0.0.1:2375")]
    [InlineData("npipe://./pipe/docker_engine")]
    public async Task An_engine_that_is_not_on_a_socket_of_this_machine_is_none(string engine) =>
        Assert.False(await LocalStackHost.ListensAsync(new Uri(engine)));
}
