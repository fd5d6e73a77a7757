using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Filter;

/// <summary>enriched → FilterCritical → critical.</summary>
public static class Function
{
    /// <summary>Composes the function.</summary>
    /// <exception cref="ConfigurationException">A setting or a file of the configuration is wrong.</exception>
    public static LambdaFunction Compose(
        IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time)
    {
        var settings = new Settings("FilterCritical", environment);
        var options = PumpOptions.Read("FilterCritical", settings);
        var config = ConfigFolder.Open(settings);
        var filter = new FilterCritical(PatternSet.Compile(config.Filter().Critical));
        var outputs = StreamOutputs.Read(settings, ports, time);
        return StreamFunction.Create(options, new EventFilter(filter), outputs, ports, time);
    }
}
