namespace Pipeline.Engine.Time;

/// <summary>Bounds what is done at one moment, so that a run in which time stands still ends.</summary>
/// <remarks>
/// A step is a continuation that runs, a timer that is set or one that fires. Work that never gives the thread back,
/// but waits for a time that cannot come, is told by how often it asks for the time.
/// </remarks>
public sealed class InstantGuard
{
    /// <summary>
    /// Most steps at one moment. A million events at full pace need 38 on one shard of each stream and 169 on 32.
    /// </summary>
    public const long StepsMax = 1_000_000;

    /// <summary>
    /// Most questions for the time at one moment. The same run asks 2,100 times, and 18,000 on 32 shards; where a
    /// mapping starts at a moment, it asks once for each record before it.
    /// </summary>
    public const long QuestionsMax = 100_000_000;

    private long _steps;
    private long _questions;
    private LivelockException? _found;

    /// <summary>Time moved, or a run begins.</summary>
    public void Reset() => (_steps, _questions) = (0, 0);

    /// <summary>Counts a step.</summary>
    /// <exception cref="LivelockException">There were too many, or too many questions.</exception>
    public void Step(DateTimeOffset now)
    {
        // What was thrown before may have been caught: to a function's invocation it is an error like any other.
        if (_found is not null)
        {
            throw _found;
        }
        if (++_steps > StepsMax)
        {
            throw _found = new LivelockException(now, $"{StepsMax:N0} steps of work");
        }
    }

    /// <summary>Counts a question for the time.</summary>
    /// <exception cref="LivelockException">It is one too many.</exception>
    public void Ask(DateTimeOffset now)
    {
        if (++_questions > QuestionsMax)
        {
            throw _found = new LivelockException(now, $"{QuestionsMax:N0} questions for the time");
        }
    }
}
