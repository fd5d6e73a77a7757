using Amazon.Kinesis.Model;

namespace Amazon.Kinesis.Internal;

/// <summary>The answers of the API. Source: API model kinesis 2013-12-02.</summary>
internal static class KinesisAnswers
{
    public static readonly Members<DescribeStreamConsumerResponse> DescribeStreamConsumer = new()
    {
        { "ConsumerDescription", (answer, ref json) => answer.ConsumerDescription = json.Object(s_description) },
    };

    public static readonly Members<DescribeStreamSummaryResponse> DescribeStreamSummary = new()
    {
        { "StreamDescriptionSummary", (answer, ref json) => answer.StreamDescriptionSummary = json.Object(s_stream) },
    };

    public static readonly Members<GetRecordsResponse> GetRecords = new()
    {
        { "Records", (answer, ref json) => answer.Records = json.List(s_record) },
        { "NextShardIterator", (answer, ref json) => answer.NextShardIterator = json.Text() },
        { "MillisBehindLatest", (answer, ref json) => answer.MillisBehindLatest = json.Long() },
        { "ChildShards", (answer, ref json) => answer.ChildShards = json.List(s_child) },
    };

    public static readonly Members<GetShardIteratorResponse> GetShardIterator = new()
    {
        { "ShardIterator", (answer, ref json) => answer.ShardIterator = json.Text() },
    };

    public static readonly Members<ListShardsResponse> ListShards = new()
    {
        { "Shards", (answer, ref json) => answer.Shards = json.List(s_shard) },
        { "NextToken", (answer, ref json) => answer.NextToken = json.Text() },
    };

    public static readonly Members<PutRecordResponse> PutRecord = new()
    {
        { "ShardId", (answer, ref json) => answer.ShardId = json.Text() },
        { "SequenceNumber", (answer, ref json) => answer.SequenceNumber = json.Text() },
        { "EncryptionType", (answer, ref json) => answer.EncryptionType = json.Text() },
    };

    public static readonly Members<PutRecordsResponse> PutRecords = new()
    {
        { "FailedRecordCount", (answer, ref json) => answer.FailedRecordCount = json.Integer() },
        { "Records", (answer, ref json) => answer.Records = json.List(s_result) },
        { "EncryptionType", (answer, ref json) => answer.EncryptionType = json.Text() },
    };

    public static readonly Members<RegisterStreamConsumerResponse> RegisterStreamConsumer = new()
    {
        { "Consumer", (answer, ref json) => answer.Consumer = json.Object(s_consumer) },
    };

    public static readonly Members<UpdateShardCountResponse> UpdateShardCount = new()
    {
        { "StreamName", (answer, ref json) => answer.StreamName = json.Text() },
        { "StreamARN", (answer, ref json) => answer.StreamARN = json.Text() },
        { "CurrentShardCount", (answer, ref json) => answer.CurrentShardCount = json.Integer() },
        { "TargetShardCount", (answer, ref json) => answer.TargetShardCount = json.Integer() },
    };

    private static readonly Members<PutRecordsResultEntry> s_result = new()
    {
        { "SequenceNumber", (result, ref json) => result.SequenceNumber = json.Text() },
        { "ShardId", (result, ref json) => result.ShardId = json.Text() },
        { "ErrorCode", (result, ref json) => result.ErrorCode = json.Text() },
        { "ErrorMessage", (result, ref json) => result.ErrorMessage = json.Text() },
    };

    private static readonly Members<Record> s_record = new()
    {
        { "SequenceNumber", (record, ref json) => record.SequenceNumber = json.Text() },
        { "ApproximateArrivalTimestamp", (record, ref json) => record.ApproximateArrivalTimestamp = json.Time() },
        { "Data", (record, ref json) => record.Data = json.Blob() },
        { "PartitionKey", (record, ref json) => record.PartitionKey = json.Text() },
        { "EncryptionType", (record, ref json) => record.EncryptionType = json.Text() },
    };

    private static readonly Members<HashKeyRange> s_hashKeys = new()
    {
        { "StartingHashKey", (range, ref json) => range.StartingHashKey = json.Text() },
        { "EndingHashKey", (range, ref json) => range.EndingHashKey = json.Text() },
    };

    private static readonly Members<SequenceNumberRange> s_numbers = new()
    {
        { "StartingSequenceNumber", (range, ref json) => range.StartingSequenceNumber = json.Text() },
        { "EndingSequenceNumber", (range, ref json) => range.EndingSequenceNumber = json.Text() },
    };

    private static readonly Members<Shard> s_shard = new()
    {
        { "ShardId", (shard, ref json) => shard.ShardId = json.Text() },
        { "ParentShardId", (shard, ref json) => shard.ParentShardId = json.Text() },
        { "AdjacentParentShardId", (shard, ref json) => shard.AdjacentParentShardId = json.Text() },
        { "HashKeyRange", (shard, ref json) => shard.HashKeyRange = json.Object(s_hashKeys) },
        { "SequenceNumberRange", (shard, ref json) => shard.SequenceNumberRange = json.Object(s_numbers) },
    };

    private static readonly Members<ChildShard> s_child = new()
    {
        { "ShardId", (child, ref json) => child.ShardId = json.Text() },
        { "ParentShards", (child, ref json) => child.ParentShards = json.Texts() },
        { "HashKeyRange", (child, ref json) => child.HashKeyRange = json.Object(s_hashKeys) },
    };

    private static readonly Members<StreamModeDetails> s_mode = new()
    {
        { "StreamMode", (details, ref json) => details.StreamMode = json.Text() },
    };

    private static readonly Members<EnhancedMetrics> s_metrics = new()
    {
        { "ShardLevelMetrics", (metrics, ref json) => metrics.ShardLevelMetrics = json.Texts() },
    };

    private static readonly Members<StreamDescriptionSummary> s_stream = new()
    {
        { "StreamName", (stream, ref json) => stream.StreamName = json.Text() },
        { "StreamARN", (stream, ref json) => stream.StreamARN = json.Text() },
        { "StreamStatus", (stream, ref json) => stream.StreamStatus = json.Text() },
        { "StreamModeDetails", (stream, ref json) => stream.StreamModeDetails = json.Object(s_mode) },
        { "RetentionPeriodHours", (stream, ref json) => stream.RetentionPeriodHours = json.Integer() },
        { "StreamCreationTimestamp", (stream, ref json) => stream.StreamCreationTimestamp = json.Time() },
        { "EnhancedMonitoring", (stream, ref json) => stream.EnhancedMonitoring = json.List(s_metrics) },
        { "EncryptionType", (stream, ref json) => stream.EncryptionType = json.Text() },
        { "KeyId", (stream, ref json) => stream.KeyId = json.Text() },
        { "OpenShardCount", (stream, ref json) => stream.OpenShardCount = json.Integer() },
        { "ConsumerCount", (stream, ref json) => stream.ConsumerCount = json.Integer() },
    };

    private static readonly Members<Consumer> s_consumer = new()
    {
        { "ConsumerName", (consumer, ref json) => consumer.ConsumerName = json.Text() },
        { "ConsumerARN", (consumer, ref json) => consumer.ConsumerARN = json.Text() },
        { "ConsumerStatus", (consumer, ref json) => consumer.ConsumerStatus = json.Text() },
        { "ConsumerCreationTimestamp", (consumer, ref json) => consumer.ConsumerCreationTimestamp = json.Time() },
    };

    private static readonly Members<ConsumerDescription> s_description = new()
    {
        { "ConsumerName", (consumer, ref json) => consumer.ConsumerName = json.Text() },
        { "ConsumerARN", (consumer, ref json) => consumer.ConsumerARN = json.Text() },
        { "ConsumerStatus", (consumer, ref json) => consumer.ConsumerStatus = json.Text() },
        { "ConsumerCreationTimestamp", (consumer, ref json) => consumer.ConsumerCreationTimestamp = json.Time() },
        { "StreamARN", (consumer, ref json) => consumer.StreamARN = json.Text() },
    };
}
