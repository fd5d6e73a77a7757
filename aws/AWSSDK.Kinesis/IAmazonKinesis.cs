using Amazon.Kinesis.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.Kinesis;

/// <summary>Kinesis Data Streams, API version 2013-12-02.</summary>
/// <remarks>A refusal is an <see cref="AmazonKinesisException"/>, or of a type below it.</remarks>
public partial interface IAmazonKinesis : IAmazonService, IDisposable
{
    /// <summary>Makes a stream.</summary>
    Task<CreateStreamResponse> CreateStreamAsync(
        CreateStreamRequest request, CancellationToken cancellationToken = default);

    /// <summary>Deletes a stream and everything in it.</summary>
    Task<DeleteStreamResponse> DeleteStreamAsync(
        DeleteStreamRequest request, CancellationToken cancellationToken = default);

    /// <summary>Says what a consumer is and whether it can be used.</summary>
    Task<DescribeStreamConsumerResponse> DescribeStreamConsumerAsync(
        DescribeStreamConsumerRequest request, CancellationToken cancellationToken = default);

    /// <summary>Says what a stream is and whether it can be used.</summary>
    Task<DescribeStreamSummaryResponse> DescribeStreamSummaryAsync(
        DescribeStreamSummaryRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads records of a shard.</summary>
    Task<GetRecordsResponse> GetRecordsAsync(
        GetRecordsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Answers a place in a shard to read from.</summary>
    Task<GetShardIteratorResponse> GetShardIteratorAsync(
        GetShardIteratorRequest request, CancellationToken cancellationToken = default);

    /// <summary>Answers a page of a stream's shards.</summary>
    Task<ListShardsResponse> ListShardsAsync(
        ListShardsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Merges two shards whose ranges meet.</summary>
    Task<MergeShardsResponse> MergeShardsAsync(
        MergeShardsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Puts one record.</summary>
    Task<PutRecordResponse> PutRecordAsync(
        PutRecordRequest request, CancellationToken cancellationToken = default);

    /// <summary>Puts 1 to 500 records; each may fail by itself, see the answer.</summary>
    Task<PutRecordsResponse> PutRecordsAsync(
        PutRecordsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Registers a consumer for enhanced fan-out.</summary>
    Task<RegisterStreamConsumerResponse> RegisterStreamConsumerAsync(
        RegisterStreamConsumerRequest request, CancellationToken cancellationToken = default);

    /// <summary>Splits a shard in two.</summary>
    Task<SplitShardResponse> SplitShardAsync(
        SplitShardRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes the number of shards.</summary>
    Task<UpdateShardCountResponse> UpdateShardCountAsync(
        UpdateShardCountRequest request, CancellationToken cancellationToken = default);

    /// <summary>The endpoint that a request would be sent to.</summary>
    Endpoint DetermineServiceOperationEndpoint(AmazonWebServiceRequest request);

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonKinesisConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(
        AWSCredentials awsCredentials, ClientConfig clientConfig) => clientConfig switch
        {
            AmazonKinesisConfig config when awsCredentials is null => new AmazonKinesisClient(config),
            AmazonKinesisConfig config => new AmazonKinesisClient(awsCredentials, config),
            _ => throw new AmazonClientException("A client of Kinesis needs an AmazonKinesisConfig."),
        };
}
