using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Route;

/// <summary>critical → Route → commands-high, commands-normal, commands-low.</summary>
public static class Function
{
    /// <summary>Composes the function.</summary>
    /// <exception cref="ConfigurationException">A setting or a file of the configuration is wrong.</exception>
    public static LambdaFunction Compose(
        IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time)
    {
        var settings = new Settings("Route", environment);
        var options = PumpOptions.Read("Route", settings);
        var config = ConfigFolder.Open(settings);
        var filter = new RouteEvent(config.Routes().Routes);
        var outputs = QueueOutputs.Read(settings, ports, time);
        return StreamFunction.Create(options, new EventFilter(filter), outputs, ports, time);
    }
}
