using Amazon.Runtime;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Clients of AWS that make a request once, whatever becomes of it.</summary>
internal static class OneRequest
{
    /// <summary>How long a request may go without an answer.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(Limits.RequestSecondsMax);

    /// <summary>Leaves every retry to the caller, also after a broken connection, and bounds a request in time.</summary>
    public static T Configure<T>(T config)
        where T : ClientConfig
    {
        ArgumentNullException.ThrowIfNull(config);
        config.MaxErrorRetry = 0;
        config.MaxStaleConnectionRetries = 0;
        config.ThrottleRetries = false;
        config.Timeout = TimeLimit;
        return config;
    }

    /// <exception cref="ArgumentException">The client tries again itself.</exception>
    public static void Require(IClientConfig config, string reason, string parameter)
    {
        if (config.MaxErrorRetry != 0 || config is ClientConfig { MaxStaleConnectionRetries: not 0 })
        {
            throw new ArgumentException(
                $"The client tries again itself; allowed are MaxErrorRetry 0 and MaxStaleConnectionRetries 0, since "
                + $"{reason}.", parameter);
        }
    }
}
