using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary><c>enrich.json</c>: where Enrich finds what it looks up.</summary>
/// <param name="Ip">The path of the address, <c>data.ip</c> unless said.</param>
public sealed record EnrichRules(DataPath Ip)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">A member is unknown or wrong.</exception>
    public static EnrichRules Read(ConfigFile file)
    {
        file.AllowOnly("ip");
        try
        {
            return new EnrichRules(DataPath.Parse(file.Text("ip", "data.ip")));
        }
        catch (FormatException error)
        {
            throw file.Wrong("ip", $"a path such as data.ip ({error.Message})");
        }
    }
}
