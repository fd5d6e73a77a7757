using Amazon.Kinesis.Internal;
using Amazon.Kinesis.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.Kinesis;

/// <summary>A client of Kinesis Data Streams. Many threads may use one; it is to be disposed of.</summary>
/// <remarks>
/// Credentials, regions, signatures, retries, proxies, telemetry: all as AWSSDK.Core does them for every service.
/// </remarks>
public partial class AmazonKinesisClient : AmazonServiceClient, IAmazonKinesis
{
    /// <summary>With the credentials and the region of the environment.</summary>
    public AmazonKinesisClient()
        : base(new AmazonKinesisConfig())
    {
    }

    /// <summary>With the credentials of the environment.</summary>
    public AmazonKinesisClient(RegionEndpoint region)
        : base(new AmazonKinesisConfig { RegionEndpoint = region })
    {
    }

    /// <summary>With the credentials of the environment.</summary>
    public AmazonKinesisClient(AmazonKinesisConfig config)
        : base(config)
    {
    }

    /// <summary>With the region of the environment.</summary>
    public AmazonKinesisClient(AWSCredentials credentials)
        : this(credentials, new AmazonKinesisConfig())
    {
    }

    public AmazonKinesisClient(AWSCredentials credentials, RegionEndpoint region)
        : this(credentials, new AmazonKinesisConfig { RegionEndpoint = region })
    {
    }

    public AmazonKinesisClient(AWSCredentials credentials, AmazonKinesisConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    /// <summary>With the region of the environment.</summary>
    public AmazonKinesisClient(string awsAccessKeyId, string awsSecretAccessKey)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonKinesisConfig())
    {
    }

    public AmazonKinesisClient(string awsAccessKeyId, string awsSecretAccessKey, RegionEndpoint region)
        : this(awsAccessKeyId, awsSecretAccessKey, new AmazonKinesisConfig { RegionEndpoint = region })
    {
    }

    public AmazonKinesisClient(string awsAccessKeyId, string awsSecretAccessKey, AmazonKinesisConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, clientConfig)
    {
    }

    /// <summary>With the region of the environment.</summary>
    public AmazonKinesisClient(string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonKinesisConfig())
    {
    }

    public AmazonKinesisClient(
        string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, RegionEndpoint region)
        : this(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, new AmazonKinesisConfig { RegionEndpoint = region })
    {
    }

    public AmazonKinesisClient(
        string awsAccessKeyId, string awsSecretAccessKey, string awsSessionToken, AmazonKinesisConfig clientConfig)
        : base(awsAccessKeyId, awsSecretAccessKey, awsSessionToken, clientConfig)
    {
    }

    public virtual Task<CreateStreamResponse> CreateStreamAsync(
        CreateStreamRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.CreateStream, request, cancellationToken);

    public virtual Task<DeleteStreamResponse> DeleteStreamAsync(
        DeleteStreamRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.DeleteStream, request, cancellationToken);

    public virtual Task<DescribeStreamConsumerResponse> DescribeStreamConsumerAsync(
        DescribeStreamConsumerRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.DescribeStreamConsumer, request, cancellationToken);

    public virtual Task<DescribeStreamSummaryResponse> DescribeStreamSummaryAsync(
        DescribeStreamSummaryRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.DescribeStreamSummary, request, cancellationToken);

    public virtual Task<GetRecordsResponse> GetRecordsAsync(
        GetRecordsRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.GetRecords, request, cancellationToken);

    public virtual Task<GetShardIteratorResponse> GetShardIteratorAsync(
        GetShardIteratorRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.GetShardIterator, request, cancellationToken);

    public virtual Task<ListShardsResponse> ListShardsAsync(
        ListShardsRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.ListShards, request, cancellationToken);

    public virtual Task<MergeShardsResponse> MergeShardsAsync(
        MergeShardsRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.MergeShards, request, cancellationToken);

    public virtual Task<PutRecordResponse> PutRecordAsync(
        PutRecordRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.PutRecord, request, cancellationToken);

    public virtual Task<PutRecordsResponse> PutRecordsAsync(
        PutRecordsRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.PutRecords, request, cancellationToken);

    public virtual Task<RegisterStreamConsumerResponse> RegisterStreamConsumerAsync(
        RegisterStreamConsumerRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.RegisterStreamConsumer, request, cancellationToken);

    public virtual Task<SplitShardResponse> SplitShardAsync(
        SplitShardRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.SplitShard, request, cancellationToken);

    public virtual Task<UpdateShardCountResponse> UpdateShardCountAsync(
        UpdateShardCountRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(KinesisOperations.UpdateShardCount, request, cancellationToken);

    public Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request) =>
        Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(request));
}
