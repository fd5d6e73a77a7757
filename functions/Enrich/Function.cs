using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Enrich;

/// <summary>validated → Enrich → enriched.</summary>
public static class Function
{
    /// <summary>Composes the function.</summary>
    /// <exception cref="ConfigurationException">A setting or a file of the configuration is wrong.</exception>
    public static LambdaFunction Compose(
        IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time)
    {
        var settings = new Settings("Enrich", environment);
        var options = PumpOptions.Read("Enrich", settings);
        var config = ConfigFolder.Open(settings);
        var countries = MmdbCountries.Open(settings, ports.Output);
        var filter = new EnrichEvent(config.Enrich().Ip, countries);
        var outputs = StreamOutputs.Read(settings, ports, time);
        return StreamFunction.Create(options, new EventFilter(filter), outputs, ports, time);
    }
}
