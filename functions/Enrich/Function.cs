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
        var rules = ConfigFolder.Open(settings).Enrich();
        var countries = MmdbCountries.Open(settings, ports.Output);
        var blockList = new BlockList(
            ports.Bucket, ports.Output, rules.BlockListStaleness, time, ports.Random);
        var options = PumpOptions.Read("Enrich", settings) with { Refresh = blockList.RefreshAsync };
        var filter = new EnrichEvent(rules.Ip, countries, blockList);
        var outputs = StreamOutputs.Read(settings, ports, time);
        return StreamFunction.Create(options, new EventFilter(filter), outputs, ports, time);
    }
}
