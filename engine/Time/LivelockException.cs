using System.Globalization;

namespace Pipeline.Engine.Time;

/// <summary>
/// Work goes on and on at one moment, and the clock never moves: a defect of our code, whatever the data.
/// </summary>
public sealed class LivelockException : Exception
{
    public LivelockException(string message)
        : base(message)
    {
    }

    public LivelockException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public LivelockException()
    {
    }

    /// <param name="done">How much was done at the moment, and of what.</param>
    internal LivelockException(DateTimeOffset at, FormattableString done)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"the clock stands still at {at:yyyy-MM-dd HH:mm:ss.fffffff}Z: there were more than "
            + $"{done.ToString(CultureInfo.InvariantCulture)} at that one moment, far more than any run needs. This is "
            + $"a defect of the pipeline or the engine, not of the data; the run was ended, its input is untouched and "
            + $"its output is not complete."))
    {
        At = at;
    }

    /// <summary>Where the clock stands.</summary>
    public DateTimeOffset At { get; }
}
