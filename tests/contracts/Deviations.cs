namespace Pipeline.Tests.Contracts;

/// <summary>
/// Where the other implementations do not do what AWS documents. The documentation decides; each is asserted to be so.
/// </summary>
public static class Deviations
{
    private const string SqsApi = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_";
    private const string S3Api = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_";
    private const string KinesisApi = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_";

    public static readonly Deviation LongEntryIds = new(
        "Takes an entry whose id has more than 80 characters", SqsApi + "SendMessageBatchRequestEntry.html");

    public static readonly Deviation EmptyBodies = new(
        "Takes a message without a body; the least is one character", SqsApi + "SendMessage.html");

    public static readonly Deviation NoSupplementaryCharacters = new(
        "Refuses characters from U+10000 to U+10FFFF in a body", SqsApi + "SendMessage.html");

    public static readonly Deviation AnyDelay = new(
        "Takes a delay below 0 and above 900 s", SqsApi + "SendMessageBatchRequestEntry.html");

    public static readonly Deviation UnconditionalWrites = new(
        "Ignores If-None-Match and If-Match of PutObject", S3Api + "PutObject.html");

    public static readonly Deviation LongKeys = new(
        "Takes a key of more than 1,024 bytes", S3Api + "PutObject.html");

    public static readonly Deviation EmptyPuts = new(
        "Takes a PutRecords request without records", KinesisApi + "PutRecords.html");

    public static readonly Deviation ManyPuts = new(
        "Takes a PutRecords request of more than 500 records", KinesisApi + "PutRecords.html");

    public static readonly Deviation LargeRecords = new(
        "Takes records of more than 1 MiB, the limit of a stream unless it is raised", KinesisApi + "PutRecords.html");

    public static readonly Deviation EmptyShards = new(
        "Splits a shard at its first hash key, which leaves one child no key", KinesisApi + "SplitShard.html");

    public static readonly Deviation ClosedInUse = new(
        "Calls a shard that was split or merged a resource in use, where the argument is invalid",
        KinesisApi + "SplitShard.html");

    public static readonly Deviation MergedWithItself = new(
        "Merges a shard of two hash keys with itself; shards that merge are two, one after the other",
        KinesisApi + "MergeShards.html");

    public static readonly Deviation UnequalShards = new(
        "Scales a stream by splitting or merging some shards once, whatever comes of it; they are to be of equal size",
        KinesisApi + "UpdateShardCount.html");

    public static readonly Deviation LessThanHalf = new(
        "Scales a stream of an odd count to less than half of its shards", KinesisApi + "UpdateShardCount.html");

    public static readonly Deviation NoThrottling = new(
        "Never throttles a shard, however much is put", KinesisApi + "PutRecords.html");

    public static IReadOnlyCollection<Deviation> OfFauxqs { get; } =
        [LongEntryIds, EmptyBodies, NoSupplementaryCharacters, AnyDelay, UnconditionalWrites, LongKeys];

    public static IReadOnlyCollection<Deviation> OfKinesisLocal { get; } =
        [
            EmptyPuts, ManyPuts, LargeRecords, EmptyShards, ClosedInUse, MergedWithItself, UnequalShards, LessThanHalf,
            NoThrottling,
        ];

    /// <summary>What others do may be so there too; but it writes objects conditionally.</summary>
    public static IReadOnlyCollection<Deviation> OfLocalStack { get; } =
    [
        .. from deviation in OfFauxqs.Concat(OfKinesisLocal)
           where deviation != UnconditionalWrites
           select deviation with { IsObserved = false },
    ];
}
