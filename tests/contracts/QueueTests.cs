using Amazon.SQS;
using Pipeline.Engine.Storage;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine keeps the contract of SQS.</summary>
public sealed class EngineQueueTests : QueueContract, IDisposable
{
    private readonly OutputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IQueueService> ServiceAsync() => Task.FromResult<IQueueService>(
        new EngineQueues(new DirectoryBucket(_folder.Path, _folder.EngineFiles)));
}

/// <summary>So does fauxqs, but for its deviations.</summary>
public sealed class FauxqsQueueTests(Fauxqs fauxqs) : QueueContract
{
    protected override async Task<IQueueService> ServiceAsync() => new FauxqsQueues(await fauxqs.AddressAsync());
}

/// <summary>The queue port on AWS adds nothing to what the service answers, and takes nothing away.</summary>
public sealed class SqsQueuesContractTests(Fauxqs fauxqs) : QueueContract
{
    protected override async Task<IQueueService> ServiceAsync()
    {
        var address = await fauxqs.AddressAsync();
        return CreateService(address, new FauxqsQueues(address));
    }

    /// <summary>A service to which messages are sent through the port.</summary>
    internal static IQueueService CreateService(Uri address, IQueueService service)
    {
        var config = SqsQueues.Configure(new AmazonSQSConfig
        {
            ServiceURL = address.ToString(),
            AuthenticationRegion = "us-east-1",
        });
        return new QueuesByPort(new SqsQueues(new AmazonSQSClient("test", "test", config)), service);
    }
}
