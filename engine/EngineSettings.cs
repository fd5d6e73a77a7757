namespace Pipeline.Engine;

/// <summary>What AWS does not publish or a machine decides: our choices, in one place.</summary>
public sealed record EngineSettings
{
    /// <summary>Virtual time that any invocation takes.</summary>
    public TimeSpan InvocationBase { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Virtual time that each record of a batch adds.</summary>
    public TimeSpan InvocationPerRecord { get; init; } = TimeSpan.FromMicroseconds(50);

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
    /// How long the creation of a resource takes, by type; a resource begins when all it depends on is there.
    /// </summary>
    public IReadOnlyDictionary<string, TimeSpan> CreationTimes { get; init; } = new Dictionary<string, TimeSpan>
    {
        ["AWS::Kinesis::Stream"] = TimeSpan.Zero,
        ["AWS::Kinesis::StreamConsumer"] = TimeSpan.FromSeconds(10),
        ["AWS::S3::Bucket"] = TimeSpan.Zero,
        ["AWS::IAM::Role"] = TimeSpan.FromSeconds(10),
        ["AWS::IAM::Policy"] = TimeSpan.FromSeconds(5),
        ["AWS::Lambda::Function"] = TimeSpan.FromSeconds(5),
        ["AWS::Lambda::EventSourceMapping"] = TimeSpan.FromSeconds(5),
        ["AWS::KinesisFirehose::DeliveryStream"] = TimeSpan.FromSeconds(60),
    };
}
