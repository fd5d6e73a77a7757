namespace Pipeline.Core;

/// <summary>
/// Every limit of AWS that the pipeline relies on, and every limit of its own, each with its unit and source.
/// </summary>
public static class Limits
{
    // Kinesis Data Streams: API model 2013-12-02 and "Quotas and limits".

    /// <summary>
    /// Largest data blob plus partition key of a record, in bytes (a stream's default; up to 10 MiB by setting).
    /// </summary>
    public const int RecordBytesMax = 1024 * 1024;

    /// <summary>Largest value of a stream's record size setting, in bytes.</summary>
    public const int LargeRecordBytesMax = 10 * 1024 * 1024;

    /// <summary>Most records of a PutRecords request.</summary>
    public const int PutRecordsCountMax = 500;

    /// <summary>Largest PutRecords request, partition keys included, in bytes.</summary>
    public const int PutRecordsBytesMax = 10 * 1024 * 1024;

    /// <summary>Longest partition key, in Unicode characters.</summary>
    public const int PartitionKeyCharactersMax = 256;

    /// <summary>Records a shard takes in a second.</summary>
    public const int ShardRecordsPerSecondMax = 1000;

    /// <summary>Bytes a shard takes in a second, partition keys included.</summary>
    public const int ShardBytesPerSecondMax = 1024 * 1024;

    /// <summary>Bytes a second that a shard pushes to each consumer of its own (enhanced fan-out).</summary>
    public const int ConsumerBytesPerSecondMax = 2 * 1024 * 1024;

    /// <summary>GetRecords calls a second that a shard answers, to all who poll it together.</summary>
    public const int ShardReadsPerSecondMax = 5;

    /// <summary>Bytes a second that a shard answers, to all who poll it together.</summary>
    public const int ShardReadBytesPerSecondMax = 2 * 1024 * 1024;

    /// <summary>GetShardIterator calls a second that a shard answers.</summary>
    public const int ShardIteratorsPerSecondMax = 5;

    /// <summary>How long a shard iterator, and a token of ListShards, may be used, in seconds.</summary>
    public const int ShardIteratorSecondsMax = 300;

    /// <summary>SplitShard calls a second of an account, and MergeShards calls.</summary>
    public const int ReshardCallsPerSecondMax = 5;

    /// <summary>UpdateShardCount calls a second of an account.</summary>
    public const int ScalingCallsPerSecondMax = 10;

    /// <summary>DescribeStreamSummary calls a second of an account.</summary>
    public const int StreamSummaryCallsPerSecondMax = 20;

    /// <summary>ListShards calls a second for a stream.</summary>
    public const int ListShardsCallsPerSecondMax = 1000;

    /// <summary>Most shards that one ListShards call answers, and how many unless the call says otherwise.</summary>
    public const int ListShardsCountMax = 10_000;

    /// <inheritdoc cref="ListShardsCountMax"/>
    public const int ListShardsCountDefault = 1000;

    /// <summary>UpdateShardCount calls for a stream within any 24 hours.</summary>
    public const int ScalingsPerDayMax = 10;

    /// <summary>Consumers that a provisioned stream may have.</summary>
    public const int ConsumersPerStreamMax = 20;

    /// <summary>Most records that one GetRecords call answers.</summary>
    public const int GetRecordsCountMax = 10_000;

    /// <summary>Most bytes that one GetRecords call answers.</summary>
    public const int GetRecordsBytesMax = 10 * 1024 * 1024;

    /// <summary>Shards a stream may have at most (account quota of UpdateShardCount).</summary>
    public const int ShardsMax = 10_000;

    /// <summary>Shortest and longest retention of a stream, in hours.</summary>
    public const int RetentionHoursMin = 24;

    /// <inheritdoc cref="RetentionHoursMin"/>
    public const int RetentionHoursMax = 8760;

    // Lambda: "Lambda quotas", CreateEventSourceMapping.

    /// <summary>Largest synchronous invocation payload, in bytes, request and response alike.</summary>
    public const int PayloadBytesMax = 6 * 1024 * 1024;

    /// <summary>Largest batch of a Kinesis mapping, in records.</summary>
    public const int MappingBatchSizeMax = 10_000;

    /// <summary>Longest batching window of a mapping, in seconds.</summary>
    public const int MappingBatchingWindowSecondsMax = 300;

    /// <summary>Most batches of a shard that a Kinesis mapping may have under way.</summary>
    public const int MappingParallelizationMax = 10;

    /// <summary>Most retry attempts of a Kinesis mapping (-1 means for ever).</summary>
    public const int MappingRetryAttemptsMax = 10_000;

    /// <summary>Bounds of a Kinesis mapping's record age, in seconds (-1 means for ever).</summary>
    public const int MappingRecordAgeSecondsMin = 60;

    /// <inheritdoc cref="MappingRecordAgeSecondsMin"/>
    public const int MappingRecordAgeSecondsMax = 604_800;

    /// <summary>
    /// Concurrency of an account that functions may not reserve. Source: "Configuring reserved concurrency".
    /// </summary>
    public const int UnreservedConcurrencyMin = 100;

    /// <summary>Longest timeout of a function, in seconds.</summary>
    public const int FunctionTimeoutSecondsMax = 900;

    /// <summary>
    /// How long a request may go without an answer: so that an invocation has time to make it again, and to report.
    /// Our choice.
    /// </summary>
    public const int RequestSecondsMax = 10;

    /// <summary>Bounds of a function's memory, in MiB.</summary>
    public const int FunctionMemoryMebibytesMin = 128;

    /// <inheritdoc cref="FunctionMemoryMebibytesMin"/>
    public const int FunctionMemoryMebibytesMax = 10_240;

    /// <summary>Most bytes of a function's environment variables, names and values together.</summary>
    public const int FunctionEnvironmentBytesMax = 4096;

    // SQS: API model 2012-11-05, "Amazon SQS message quotas"; its mapping: "Using Lambda with Amazon SQS".

    /// <summary>Largest message, in bytes of UTF-8.</summary>
    public const int MessageBytesMax = 1024 * 1024;

    /// <summary>Most messages of a batch request, whether sent, received or deleted.</summary>
    public const int SendBatchCountMax = 10;

    /// <summary>Largest SendMessageBatch request, in bytes of all its messages.</summary>
    public const int SendBatchBytesMax = 1024 * 1024;

    /// <summary>Longest delay of a message, in seconds.</summary>
    public const int MessageDelaySecondsMax = 900;

    /// <summary>Longest visibility timeout, in seconds.</summary>
    public const int VisibilitySecondsMax = 43_200;

    /// <summary>Shortest and longest retention of a queue, in seconds.</summary>
    public const int QueueRetentionSecondsMin = 60;

    /// <inheritdoc cref="QueueRetentionSecondsMin"/>
    public const int QueueRetentionSecondsMax = 1_209_600;

    /// <summary>Messages of a standard queue that may be in flight.</summary>
    public const int MessagesInFlightMax = 120_000;

    /// <summary>Longest wait of a receive, in seconds.</summary>
    public const int ReceiveWaitSecondsMax = 20;

    /// <summary>Bounds of a redrive policy's receive count.</summary>
    public const int ReceiveCountMax = 1000;

    /// <summary>Bounds of a queue mapping's concurrency.</summary>
    public const int QueueConcurrencyMin = 2;

    /// <inheritdoc cref="QueueConcurrencyMin"/>
    public const int QueueConcurrencyMax = 1000;

    // Firehose: API model 2015-08-04, "Amazon Data Firehose Quota", "Dynamic partitioning".

    /// <summary>Largest record that Firehose takes, in bytes before base64.</summary>
    public const int FirehoseRecordBytesMax = 1_024_000;

    /// <summary>Bounds of the buffer size with dynamic partitioning, in MiB.</summary>
    public const int FirehosePartitionedBufferMebibytesMin = 64;

    /// <inheritdoc cref="FirehosePartitionedBufferMebibytesMin"/>
    public const int FirehosePartitionedBufferMebibytesMax = 128;

    /// <summary>Bounds of the buffer interval with dynamic partitioning, in seconds.</summary>
    public const int FirehosePartitionedIntervalSecondsMin = 60;

    /// <inheritdoc cref="FirehosePartitionedIntervalSecondsMin"/>
    public const int FirehosePartitionedIntervalSecondsMax = 900;

    /// <summary>Partitions a delivery stream may have open at once; further records go to the error prefix.</summary>
    public const int FirehoseActivePartitionsMax = 500;

    /// <summary>
    /// Longest prefix of a delivery stream's objects after its expressions are evaluated, in characters.
    /// </summary>
    public const int FirehosePrefixCharactersMax = 512;

    /// <summary>Longest time for which a delivery stream retries dynamic partitioning, in seconds.</summary>
    public const int FirehosePartitionedRetrySecondsMax = 7200;

    // S3: "Creating object key names".

    /// <summary>Longest object key, in bytes of UTF-8.</summary>
    public const int ObjectKeyBytesMax = 1024;

    // CloudFormation: "CloudFormation quotas".

    /// <summary>Most resources of a template.</summary>
    public const int StackResourcesMax = 500;

    // Ours.

    /// <summary>Largest event, in bytes: enriched it still fits every pipe and Firehose.</summary>
    public const int EventBytesMax = 960 * 1024;

    /// <summary>Deepest nesting of an event's JSON.</summary>
    public const int EventDepthMax = 64;

    /// <summary>Most errors that one bad row names.</summary>
    public const int ErrorsPerRowMax = 20;

    /// <summary>
    /// Work that the references of a schema may cause, per byte of the data: as many times may a byte be looked at.
    /// Recursive schemas whose alternatives refer to themselves would otherwise need time exponential in the depth.
    /// </summary>
    public const int SchemaWorkPerByteMax = 256;

    /// <summary>Work that references may cause in any case, in bytes looked at.</summary>
    public const int SchemaWorkMin = 1024 * 1024;

    /// <summary>Schemas that may check one value within each other, by references and combinations.</summary>
    public const int SchemaNestingMax = 64;

    /// <summary>Largest pack, in bytes of its blob; a larger single event travels alone.</summary>
    public const int PackBytesMax = 256 * 1024;

    /// <summary>Output bytes after which the stream pump ends a run of records and sends it.</summary>
    public const int FlushBytes = 1024 * 1024;

    /// <summary>Slots of the partition-key space when a stack does not say otherwise; a power of two.</summary>
    public const int SlotsDefault = 128;

    /// <summary>Most slots: a hash key's first 16 bits.</summary>
    public const int SlotsMax = 65_536;

    /// <summary>Slots each shard must have at least, so that load spreads.</summary>
    public const int SlotsPerShardMin = 4;
}
