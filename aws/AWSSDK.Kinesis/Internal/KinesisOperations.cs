using System.Buffers.Text;
using System.Text.Json;
using Amazon.Kinesis.Model;

namespace Amazon.Kinesis.Internal;

/// <summary>The operations of the API. Source: API model kinesis 2013-12-02.</summary>
internal static class KinesisOperations
{
    public static readonly Operation<CreateStreamRequest, CreateStreamResponse> CreateStream =
        new("CreateStream", Write);

    public static readonly Operation<DeleteStreamRequest, DeleteStreamResponse> DeleteStream =
        new("DeleteStream", Write);

    public static readonly Operation<DescribeStreamConsumerRequest, DescribeStreamConsumerResponse>
        DescribeStreamConsumer = new("DescribeStreamConsumer", Write, KinesisAnswers.DescribeStreamConsumer);

    public static readonly Operation<DescribeStreamSummaryRequest, DescribeStreamSummaryResponse>
        DescribeStreamSummary = new("DescribeStreamSummary", Write, KinesisAnswers.DescribeStreamSummary);

    public static readonly Operation<GetRecordsRequest, GetRecordsResponse> GetRecords =
        new("GetRecords", Write, KinesisAnswers.GetRecords);

    public static readonly Operation<GetShardIteratorRequest, GetShardIteratorResponse> GetShardIterator =
        new("GetShardIterator", Write, KinesisAnswers.GetShardIterator);

    public static readonly Operation<ListShardsRequest, ListShardsResponse> ListShards =
        new("ListShards", Write, KinesisAnswers.ListShards);

    public static readonly Operation<MergeShardsRequest, MergeShardsResponse> MergeShards =
        new("MergeShards", Write);

    public static readonly Operation<PutRecordRequest, PutRecordResponse> PutRecord =
        new("PutRecord", Write, KinesisAnswers.PutRecord);

    public static readonly Operation<PutRecordsRequest, PutRecordsResponse> PutRecords =
        new("PutRecords", Write, KinesisAnswers.PutRecords, EstimateBytes);

    public static readonly Operation<RegisterStreamConsumerRequest, RegisterStreamConsumerResponse>
        RegisterStreamConsumer = new("RegisterStreamConsumer", Write, KinesisAnswers.RegisterStreamConsumer);

    public static readonly Operation<SplitShardRequest, SplitShardResponse> SplitShard =
        new("SplitShard", Write);

    public static readonly Operation<UpdateShardCountRequest, UpdateShardCountResponse> UpdateShardCount =
        new("UpdateShardCount", Write, KinesisAnswers.UpdateShardCount);

    private static void Write(Utf8JsonWriter json, CreateStreamRequest request)
    {
        json.Text("StreamName"u8, request.StreamName);
        json.Integer("ShardCount"u8, request.ShardCount);
        json.Object("StreamModeDetails"u8, request.StreamModeDetails, static (inner, details) =>
            inner.Constant("StreamMode"u8, details.StreamMode));
        json.Map("Tags"u8, request.Tags);
    }

    private static void Write(Utf8JsonWriter json, DeleteStreamRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.Flag("EnforceConsumerDeletion"u8, request.EnforceConsumerDeletion);
    }

    private static void Write(Utf8JsonWriter json, DescribeStreamConsumerRequest request)
    {
        WriteStream(json, null, request.StreamARN);
        json.Text("ConsumerName"u8, request.ConsumerName);
        json.Text("ConsumerARN"u8, request.ConsumerARN);
    }

    private static void Write(Utf8JsonWriter json, DescribeStreamSummaryRequest request) =>
        WriteStream(json, request.StreamName, request.StreamARN);

    private static void Write(Utf8JsonWriter json, GetRecordsRequest request)
    {
        WriteStream(json, null, request.StreamARN);
        json.Text("ShardIterator"u8, request.ShardIterator);
        json.Integer("Limit"u8, request.Limit);
    }

    private static void Write(Utf8JsonWriter json, GetShardIteratorRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.Text("ShardId"u8, request.ShardId);
        json.Constant("ShardIteratorType"u8, request.ShardIteratorType);
        json.Text("StartingSequenceNumber"u8, request.StartingSequenceNumber);
        json.Time("Timestamp"u8, request.Timestamp);
    }

    private static void Write(Utf8JsonWriter json, ListShardsRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.Text("NextToken"u8, request.NextToken);
        json.Text("ExclusiveStartShardId"u8, request.ExclusiveStartShardId);
        json.Integer("MaxResults"u8, request.MaxResults);
        json.Time("StreamCreationTimestamp"u8, request.StreamCreationTimestamp);
        json.Object("ShardFilter"u8, request.ShardFilter, static (inner, filter) =>
        {
            inner.Constant("Type"u8, filter.Type);
            inner.Text("ShardId"u8, filter.ShardId);
            inner.Time("Timestamp"u8, filter.Timestamp);
        });
    }

    private static void Write(Utf8JsonWriter json, MergeShardsRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.Text("ShardToMerge"u8, request.ShardToMerge);
        json.Text("AdjacentShardToMerge"u8, request.AdjacentShardToMerge);
    }

    private static void Write(Utf8JsonWriter json, PutRecordRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        WriteRecord(json, request.Data, request.PartitionKey, request.ExplicitHashKey);
        json.Text("SequenceNumberForOrdering"u8, request.SequenceNumberForOrdering);
    }

    private static void Write(Utf8JsonWriter json, PutRecordsRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.List("Records"u8, request.Records, static (inner, entry) =>
            WriteRecord(inner, entry.Data, entry.PartitionKey, entry.ExplicitHashKey));
    }

    private static void Write(Utf8JsonWriter json, RegisterStreamConsumerRequest request)
    {
        WriteStream(json, null, request.StreamARN);
        json.Text("ConsumerName"u8, request.ConsumerName);
    }

    private static void Write(Utf8JsonWriter json, SplitShardRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.Text("ShardToSplit"u8, request.ShardToSplit);
        json.Text("NewStartingHashKey"u8, request.NewStartingHashKey);
    }

    private static void Write(Utf8JsonWriter json, UpdateShardCountRequest request)
    {
        WriteStream(json, request.StreamName, request.StreamARN);
        json.Integer("TargetShardCount"u8, request.TargetShardCount);
        json.Constant("ScalingType"u8, request.ScalingType);
    }

    private static void WriteStream(Utf8JsonWriter json, string name, string arn)
    {
        json.Text("StreamName"u8, name);
        json.Text("StreamARN"u8, arn);
    }

    private static void WriteRecord(Utf8JsonWriter json, MemoryStream data, string partitionKey, string hashKey)
    {
        json.Blob("Data"u8, data);
        json.Text("PartitionKey"u8, partitionKey);
        json.Text("ExplicitHashKey"u8, hashKey);
    }

    // So that the buffer is rented once; the writer asks for three bytes a character, whatever they are.
    private static int EstimateBytes(PutRecordsRequest request)
    {
        const int around = 256;
        const int largest = 64 * 1024 * 1024;
        long bytes = around;
        foreach (var entry in request.Records ?? [])
        {
            bytes += around + Base64.GetMaxEncodedToUtf8Length((int)Math.Min(entry.Data?.Length ?? 0, largest))
                + (3 * (entry.PartitionKey?.Length ?? 0));
        }
        return (int)Math.Min(bytes, largest);
    }
}
