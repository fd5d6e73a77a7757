using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Loopback;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Loopback;

/// <summary>An engine's services on the loopback interface, for anyone who signs as <c>test</c>.</summary>
/// <remarks>Calls come one at a time, each a second after the one before, so that no limit on calls is met.</remarks>
internal sealed class LoopbackBench : ICallers, ICaller, IDisposable
{
    public const string BucketName = "data";

    private readonly OutputFolder _folder = new();
    private readonly ServiceEndpoint _endpoint;
    private readonly Lock _one = new();

    public LoopbackBench()
    {
        Files = _folder.EngineFiles;
        Bucket = new DirectoryBucket(_folder.Path, Files);
        World = new World(Bucket);
        Api = new StreamApi(World.Streams, Scheduler);
        _endpoint = new ServiceEndpoint(
            [
                new KinesisService(Api), new QueueService(World),
                new ObjectService(Bucket, [BucketName], Scheduler.Clock),
            ],
            this);
    }

    public Scheduler Scheduler { get; } = new(Bed.Start);

    public EngineFiles Files { get; }

    public DirectoryBucket Bucket { get; }

    public World World { get; }

    public StreamApi Api { get; }

    public Uri Address => _endpoint.Address;

    /// <summary>What a call meets instead of the service; null for the service.</summary>
    public Exception? Broken { get; set; }

    /// <summary>The SDK's client of SQS, as our adapter wants it.</summary>
    public AmazonSQSClient Sqs(string key = "test") => new(key, "secret", SqsQueues.Configure(new AmazonSQSConfig
    {
        ServiceURL = Address.ToString(),
        AuthenticationRegion = "us-east-1",
    }));

    /// <summary>
    /// The SDK's client of S3, as our adapter wants it; the address being an IP address, it asks by path.
    /// </summary>
    public AmazonS3Client S3(string key = "test") => new(key, "secret", S3Bucket.Configure(new AmazonS3Config
    {
        ServiceURL = Address.ToString(),
        AuthenticationRegion = "us-east-1",
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_SUPPORTED,
    }));

    public ICaller? Find(string accessKeyId) => accessKeyId == "test" ? this : null;

    public Task<T> CallAsync<T>(ServiceCall<T> call)
    {
        lock (_one)
        {
            Scheduler.Jump(TimeSpan.FromSeconds(1));
            return Broken is null ? Task.FromResult(call.Run()) : Task.FromException<T>(Broken);
        }
    }

    public void Dispose()
    {
        _endpoint.Dispose();
        _folder.Dispose();
    }
}
