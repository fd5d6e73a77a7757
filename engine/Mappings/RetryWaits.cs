namespace Pipeline.Engine.Mappings;

/// <summary>How long a mapping waits between attempts: longer with each failure in a row, up to a limit.</summary>
/// <remarks>
/// AWS says that it backs off and publishes no numbers; see <see cref="EngineSettings.RetryWaitFirst"/>.
/// </remarks>
internal sealed class RetryWaits(EngineSettings settings)
{
    private const int DoublingsMax = 16;

    private int _failures;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        var wait = settings.RetryWaitFirst.Ticks << Math.Min(_failures++, DoublingsMax);
        return TimeSpan.FromTicks(Math.Min(wait, settings.RetryWaitLongest.Ticks));
    }

    /// <summary>Something was done: the next failure is a first one.</summary>
    public void Reset() => _failures = 0;
}
