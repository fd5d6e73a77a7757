namespace Pipeline.Engine;

/// <summary>Where an invocation is made to die.</summary>
public enum Crash
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Before its first call of a port took effect.</summary>
    BeforeFlush,

    /// <summary>After its first call of a port took effect, before it could hear of it.</summary>
    DuringFlush,

    /// <summary>After all its work, before its report.</summary>
    BeforeReport,
}

/// <summary>Faults that tests inject. The default is a world that never breaks.</summary>
public class Faults
{
    /// <summary>A world that never breaks.</summary>
    public static Faults None { get; } = new();

    /// <summary>Asked at each invocation.</summary>
    public virtual Crash OnInvocation(string function) => Crash.None;

    /// <summary>Asked for each entry of a put by a function: true refuses it as throttled.</summary>
    public virtual bool OnPut(string stream) => false;

    /// <summary>Asked for each entry that is sent to a queue: true refuses it as an error of the service.</summary>
    public virtual bool OnSend(string queue) => false;

    /// <summary>
    /// Asked for each request of a function: true fails it as a whole, after or before it took effect.
    /// </summary>
    public virtual RequestFault OnRequest(string function) => RequestFault.None;

    /// <summary>Asked after each batch that was done: true delivers it again.</summary>
    public virtual bool OnBatchDone(string function) => false;

    /// <summary>Asked for each request of a function to the bucket, besides <see cref="OnRequest"/>.</summary>
    public virtual BucketFault OnBucket(string function) => BucketFault.None;

    /// <summary>Asked for each <see cref="RequestFault.Late"/> request: when it takes effect, from now.</summary>
    public virtual TimeSpan Lateness() => TimeSpan.Zero;

    /// <summary>Asked for each <see cref="BucketFault.Slow"/> request: how long the bucket takes to begin.</summary>
    public virtual TimeSpan Slowness() => TimeSpan.Zero;
}

/// <summary>How a request to a service fails as a whole.</summary>
public enum RequestFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It never arrived.</summary>
    Lost,

    /// <summary>It took effect; its answer was lost.</summary>
    AnswerLost,

    /// <summary>It has no effect and no answer: the invocation waits for it until it is killed.</summary>
    Hangs,

    /// <summary>The invocation dies, and the request takes effect after that.</summary>
    Late,
}

/// <summary>How a request to the bucket fails.</summary>
public enum BucketFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>500 InternalError, without an effect.</summary>
    Error,

    /// <summary>409 ConditionalRequestConflict, without an effect; only a conditional write can have it.</summary>
    Conflict,

    /// <summary>It takes long.</summary>
    Slow,
}
