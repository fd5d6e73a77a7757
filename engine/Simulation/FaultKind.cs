namespace Pipeline.Engine.Simulation;

/// <summary>What a simulation can break; each kind is on or off for a seed.</summary>
public enum FaultKind
{
    /// <summary>An invocation dies before its first request took effect.</summary>
    CrashBeforeFlush,

    /// <summary>An invocation dies after its first request took effect, before it could hear of it.</summary>
    CrashDuringFlush,

    /// <summary>An invocation dies after all its work, before its report.</summary>
    CrashBeforeReport,

    /// <summary>A request has no answer, so that the invocation is killed by its timeout.</summary>
    Hang,

    /// <summary>A batch that was done comes again.</summary>
    Redelivery,

    /// <summary>A stream refuses every entry for some seconds.</summary>
    Throttle,

    /// <summary>A stream refuses single entries of a request and takes the others.</summary>
    PartialPut,

    /// <summary>A queue refuses single entries of a request and takes the others.</summary>
    PartialSend,

    /// <summary>A request never arrives.</summary>
    LostRequest,

    /// <summary>A request takes effect; its answer is lost.</summary>
    LostAnswer,

    /// <summary>An invocation dies and its request takes effect afterwards, up to minutes later.</summary>
    LateWrite,

    /// <summary>The clock jumps ahead by minutes while things are under way.</summary>
    ClockJump,

    /// <summary>The bucket answers 500.</summary>
    BucketError,

    /// <summary>The bucket answers 409 to a conditional write.</summary>
    BucketConflict,

    /// <summary>The bucket takes seconds to begin.</summary>
    SlowBucket,

    /// <summary>Shards of a stream are split, merged and scaled while it is read and written.</summary>
    Reshard,
}

/// <summary>The names of fault kinds on a command line and in JSON.</summary>
public static class FaultKindNames
{
    /// <summary>Every kind.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } = Enum.GetValues<FaultKind>();

    /// <summary>The names, in the order of <see cref="FaultKind"/>: lower case with hyphens, stable.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "crash-before-flush", "crash-during-flush", "crash-before-report", "hang", "redelivery", "throttle",
        "partial-put", "partial-send", "lost-request", "lost-answer", "late-write", "clock-jump", "bucket-error",
        "bucket-conflict", "slow-bucket", "reshard",
    ];

    /// <summary>The kind's name.</summary>
    public static string Name(this FaultKind kind) => All[(int)kind];
}
