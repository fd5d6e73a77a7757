using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary><c>enrich.json</c>: where Enrich finds what it looks up.</summary>
/// <param name="Ip">The path of the address, <c>data.ip</c> unless said.</param>
/// <param name="BlockListStaleness">
/// How long a block list that was read may be used; PT10S unless said, PT0S reads it before every batch.
/// </param>
public sealed record EnrichRules(DataPath Ip, TimeSpan BlockListStaleness)
{
    private static readonly TimeSpan StalenessMax = TimeSpan.FromHours(1);

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">A member is unknown or wrong.</exception>
    public static EnrichRules Read(ConfigFile file)
    {
        file.AllowOnly("ip", "blockListStaleness");
        var staleness = file.Duration("blockListStaleness", TimeSpan.FromSeconds(10), StalenessMax);
        try
        {
            return new EnrichRules(DataPath.Parse(file.Text("ip", "data.ip")), staleness);
        }
        catch (FormatException error)
        {
            throw file.Wrong("ip", $"a path such as data.ip ({error.Message})");
        }
    }
}
