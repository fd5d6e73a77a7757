using System.Net;
using System.Net.Sockets;
using Amazon.Kinesis;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>A service that takes connections and never answers: a call ends in a fault, and does not hang.</summary>
public sealed class SilentServiceTests : IDisposable
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SilentServiceTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public Task A_stream_that_never_answers_is_a_fault()
    {
        var streams = new KinesisStreams(new AmazonKinesisClient(
            "key", "secret", Here(KinesisStreams.Configure(new AmazonKinesisConfig()))));
        return FaultsAsync(() => streams.PutRecordsAsync(
            "stream", [new PutEntry("x"u8.ToArray(), "key", null)], CancellationToken.None));
    }

    [Fact]
    public Task A_queue_that_never_answers_is_a_fault()
    {
        var queues = new SqsQueues(new AmazonSQSClient(
            "key", "secret", Here(SqsQueues.Configure(new AmazonSQSConfig()))));
        return FaultsAsync(() => queues.SendMessageBatchAsync(
            $"{Address}queue", [new SendEntry("1", "body")], CancellationToken.None));
    }

    [Fact]
    public async Task A_bucket_that_never_answers_is_a_fault()
    {
        var bucket = new S3Bucket(
            new AmazonS3Client("key", "secret", Here(S3Bucket.Configure(new AmazonS3Config()))), "bucket");
        await FaultsAsync(() => bucket.GetAsync("key", CancellationToken.None));
        await FaultsAsync(() => bucket.PutAsync(
            "key", "x"u8.ToArray(), WriteCondition.Always, CancellationToken.None));
    }

    private string Address => $"http://{_listener.LocalEndpoint}/";

    private static async Task FaultsAsync<T>(Func<ValueTask<T>> call) =>
        await Assert.ThrowsAsync<PortFaultException>(async () => await call());

    /// <summary>The time limit is there, below what any function has; here it is shorter.</summary>
    private T Here<T>(T config)
        where T : ClientConfig
    {
        Assert.InRange(config.Timeout!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
        config.Timeout = s_short;
        config.ServiceURL = Address;
        config.AuthenticationRegion = "us-east-1";
        return config;
    }
}
