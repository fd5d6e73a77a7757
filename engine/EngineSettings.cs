namespace Pipeline.Engine;

/// <summary>What AWS does not publish or a machine decides: our choices, in one place.</summary>
public sealed record EngineSettings
{
    /// <summary>Virtual time that any invocation takes.</summary>
    public TimeSpan InvocationBase { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Virtual time that each record of a batch adds.</summary>
    public TimeSpan InvocationPerRecord { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>Other times for functions, by name, than the two above.</summary>
    public IReadOnlyDictionary<string, FunctionTime> FunctionTimes { get; init; } =
        new Dictionary<string, FunctionTime>();

    /// <summary>
    /// Invocations that may run at a time in the account. Source: "Lambda quotas", 1,000 by default.
    /// </summary>
    public int AccountConcurrency { get; init; } = 1000;

    /// <summary>
    /// How often a mapping or a delivery stream polls a shard. Source: "Using Lambda with Kinesis", about once a
    /// second.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a record takes to a consumer of its own. Source: "Develop enhanced fan-out consumers", about 70 ms.
    /// </summary>
    public TimeSpan PushLatency { get; init; } = TimeSpan.FromMilliseconds(70);

    /// <summary>
    /// How long a stream is UPDATING for a split or a merge; a change of the shard count takes several of these. AWS
    /// publishes no numbers.
    /// </summary>
    public TimeSpan ReshardingTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether packs reach the function of such a consumer as their events, several entries of one sequence number, so
    /// that a batch may be cut inside a pack. AWS documents neither form; a function must take both.
    /// </summary>
    public bool PushedPacksAreUnpacked { get; init; }

    /// <summary>
    /// A mapping's wait after a first failure; it doubles with each further one. AWS publishes no numbers.
    /// </summary>
    public TimeSpan RetryWaitFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A mapping's longest wait between attempts.</summary>
    public TimeSpan RetryWaitLongest { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Batches that a queue's mapping may have under way at first. Source of this and the next two: "Configuring
    /// scaling behavior for SQS event source mappings".
    /// </summary>
    public int QueueConcurrencyFirst { get; init; } = 5;

    /// <summary>Batches that a queue's mapping may have under way at most; its own bound may be lower.</summary>
    public int QueueConcurrencyMost { get; init; } = 1250;

    /// <summary>How many batches more may be under way after a minute in which messages wait.</summary>
    public int QueueConcurrencyAddedPerMinute { get; init; } = 300;

    /// <summary>
    /// Batches that may still be under way after many errors of the function; each halves them. AWS publishes no
    /// numbers.
    /// </summary>
    public int QueueConcurrencyLeast { get; init; } = 2;

    /// <summary>How long after an error of the function growth stops. AWS publishes no numbers.</summary>
    public TimeSpan QueueConcurrencyHold { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What a mapping adds to window and timeout when the queue's visibility timeout is shorter than both together.
    /// Source: "Using Lambda with Amazon SQS".
    /// </summary>
    public TimeSpan QueueVisibilityMargin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the creation of a resource takes, by type; a resource begins when all it depends on is there.
    /// </summary>
    public IReadOnlyDictionary<string, TimeSpan> CreationTimes { get; init; } = new Dictionary<string, TimeSpan>
    {
        ["AWS::Kinesis::Stream"] = TimeSpan.Zero,
        ["AWS::Kinesis::StreamConsumer"] = TimeSpan.FromSeconds(10),
        ["AWS::S3::Bucket"] = TimeSpan.Zero,
        ["AWS::SQS::Queue"] = TimeSpan.Zero,
        ["AWS::IAM::Role"] = TimeSpan.FromSeconds(10),
        ["AWS::IAM::Policy"] = TimeSpan.FromSeconds(5),
        ["AWS::Lambda::Function"] = TimeSpan.FromSeconds(5),
        ["AWS::Lambda::EventSourceMapping"] = TimeSpan.FromSeconds(5),
        ["AWS::KinesisFirehose::DeliveryStream"] = TimeSpan.FromSeconds(60),
    };
}

/// <summary>The virtual time that an invocation of a function takes.</summary>
/// <param name="Base">Of any invocation.</param>
/// <param name="PerRecord">That each record or message of the batch adds.</param>
public sealed record FunctionTime(TimeSpan Base, TimeSpan PerRecord);
