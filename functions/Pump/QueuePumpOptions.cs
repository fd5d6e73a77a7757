using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>What a queue pump needs to know.</summary>
/// <param name="Function">The function's name, in metrics and log lines.</param>
/// <param name="Timeout">The function's timeout: 1 s to 900 s, the very value the platform enforces.</param>
public sealed record QueuePumpOptions(string Function, TimeSpan Timeout)
{
    /// <summary>The share of the timeout kept for the report.</summary>
    private const int ReportMarginShare = 6;

    /// <summary>Work stops this long before the timeout; what is not done by then comes again.</summary>
    public TimeSpan ReportMargin => Timeout / ReportMarginShare;

    /// <summary>Lets a defect of a handler end the invocation, for tests that want to see it.</summary>
    public bool RethrowDefects { get; init; }

    /// <summary>Reads the options from a function's settings.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or out of bounds.</exception>
    public static QueuePumpOptions Read(string function, Settings settings) => new(
        function, settings.Seconds("FUNCTION_TIMEOUT_SECONDS", 1, Limits.FunctionTimeoutSecondsMax));
}
