using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>What a stream pump needs to know.</summary>
/// <param name="Function">The function's name: in metrics, bad rows and their keys.</param>
/// <param name="Timeout">The function's timeout: 1 s to 900 s, the very value the platform enforces.</param>
public sealed record PumpOptions(string Function, TimeSpan Timeout)
{
    /// <summary>The share of the timeout kept for the bad rows and the report after sending stops.</summary>
    private const int FlushMarginShare = 6;

    /// <summary>Sending stops this long before the timeout.</summary>
    public TimeSpan FlushMargin => Timeout / FlushMarginShare;

    /// <summary>The function reads the raw stream: a record's own position is its raw position.</summary>
    public bool ReadsRaw { get; init; }

    /// <summary>
    /// Brings what the filter looks up outside itself up to date; called with the invocation's "now" before its first
    /// event, and with when it must stop. A fault of it is a fault of the batch: nothing is done, all comes again.
    /// </summary>
    public Func<DateTimeOffset, Deadline, CancellationToken, ValueTask>? Refresh { get; init; }

    /// <summary>Lets a defect of a filter end the invocation, for tests that want to see it.</summary>
    public bool RethrowDefects { get; init; }

    /// <summary>Reads the options from a function's settings.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or out of bounds.</exception>
    public static PumpOptions Read(string function, Settings settings) => new(
        function, settings.Seconds("FUNCTION_TIMEOUT_SECONDS", 1, Limits.FunctionTimeoutSecondsMax));
}
