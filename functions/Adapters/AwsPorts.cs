using Amazon.Kinesis;
using Amazon.S3;
using Amazon.SQS;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>
/// The ports on AWS. A client is made at its first use, so a function that sends no message has none for queues.
/// </summary>
public sealed class AwsPorts : IStreamPort, IQueuePort, IBucketPort
{
    private const string BucketSetting = "BUCKET";
    private const string RegionSetting = "AWS_REGION";

    private readonly string _bucket;
    private readonly bool _isElsewhere;

    private AwsPorts(Settings settings)
    {
        // The clients read it themselves, but would complain only when they are needed.
        _ = settings.Text(RegionSetting);
        _bucket = settings.Text(BucketSetting);
        // "Service-specific endpoints". What stands in for S3 has no name for each bucket.
        _isElsewhere = settings.OptionalText("AWS_ENDPOINT_URL_S3") is not null
            || settings.OptionalText("AWS_ENDPOINT_URL") is not null;
    }

    private IStreamPort Streams => field ??= new KinesisStreams(
        new AmazonKinesisClient(KinesisStreams.Configure(new AmazonKinesisConfig())));

    private IQueuePort Queues => field ??= new SqsQueues(
        new AmazonSQSClient(SqsQueues.Configure(new AmazonSQSConfig())));

    private IBucketPort Bucket => field ??= new S3Bucket(
        new AmazonS3Client(S3Bucket.Configure(new AmazonS3Config { ForcePathStyle = _isElsewhere })), _bucket);

    /// <summary>The ports of a process.</summary>
    /// <param name="settings">Region and bucket; the clients find out where the services are and who asks.</param>
    /// <exception cref="ConfigurationException">A setting is missing.</exception>
    public static Ports Create(Settings settings, IOutputPort output, Random random)
    {
        var ports = new AwsPorts(settings);
        return new Ports(ports, ports, ports, output, random);
    }

    public ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation) =>
        Streams.PutRecordsAsync(stream, entries, cancellation);

    public ValueTask<IReadOnlyList<SendResult>> SendMessageBatchAsync(
        string queue, IReadOnlyList<SendEntry> entries, CancellationToken cancellation) =>
        Queues.SendMessageBatchAsync(queue, entries, cancellation);

    public ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        Bucket.PutAsync(key, body, condition, cancellation);

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        Bucket.GetAsync(key, cancellation);
}
