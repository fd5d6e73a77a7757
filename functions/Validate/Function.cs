using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Validate;

/// <summary>raw → Validate → validated.</summary>
public static class Function
{
    /// <summary>Composes the function.</summary>
    /// <exception cref="ConfigurationException">A setting or a file of the configuration is wrong.</exception>
    public static LambdaFunction Compose(
        IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time)
    {
        var settings = new Settings("Validate", environment);
        var options = PumpOptions.Read("Validate", settings) with { ReadsRaw = true };
        var config = ConfigFolder.Open(settings);
        var filter = new ValidateEvent(config.Schemas(), config.Pipeline().UnknownType);
        var outputs = StreamOutputs.Read(settings, ports, time);
        return StreamFunction.Create(options, filter, outputs, ports, time);
    }
}
