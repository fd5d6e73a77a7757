using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>The folder of what a user edits: <c>config/</c> below the function's root. Read once, at start.</summary>
public sealed class ConfigFolder
{
    private readonly string _path;

    private ConfigFolder(string path) => _path = path;

    /// <summary>Opens the folder below <c>LAMBDA_TASK_ROOT</c>.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static ConfigFolder Open(Settings settings)
    {
        var path = Path.Combine(settings.Text("LAMBDA_TASK_ROOT"), "config");
        return Directory.Exists(path)
            ? new ConfigFolder(path)
            : throw new ConfigurationException($"There is no folder '{path}'; it holds what a user edits.");
    }

    /// <summary>The schemas of all event types.</summary>
    /// <exception cref="ConfigurationException">A schema is unreadable or uses what is not supported.</exception>
    public SchemaSet Schemas()
    {
        var folder = Path.Combine(_path, "schemas");
        if (!Directory.Exists(folder))
        {
            throw new ConfigurationException(
                $"There is no folder '{folder}'; it holds one <type>.schema.json for each event type.");
        }
        return SchemaSet.Load(
            from file in Directory.EnumerateFiles(folder, "*" + SchemaSet.Suffix).Order(StringComparer.Ordinal)
            select new KeyValuePair<string, ReadOnlyMemory<byte>>(
                ShownName("schemas", Path.GetFileName(file)), File.ReadAllBytes(file)));
    }

    /// <summary>The rules that concern the pipeline as a whole.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public PipelineRules Pipeline() => PipelineRules.Read(Open("pipeline.json"));

    /// <summary>The rules of Enrich.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public EnrichRules Enrich() => EnrichRules.Read(Open("enrich.json"));

    /// <summary>What FilterCritical keeps.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public FilterRules Filter() => FilterRules.Read(Open("filter.json"));

    /// <summary>Which event asks for which command.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public RouteRules Routes() => RouteRules.Read(Open("routes.json"));

    /// <summary>The rules of those that carry commands out.</summary>
    /// <exception cref="ConfigurationException">The file is missing or wrong.</exception>
    public ExecuteRules Execute() => ExecuteRules.Read(Open("execute.json"));

    private ConfigFile Open(string name)
    {
        var path = Path.Combine(_path, name);
        return File.Exists(path)
            ? ConfigFile.Parse(ShownName(name), File.ReadAllBytes(path))
            : throw new ConfigurationException($"{ShownName(name)}: the file is missing.");
    }

    /// <summary>The file as a user knows it: where it is edited, not where it was copied to.</summary>
    private static string ShownName(params string[] parts) => "functions/config/" + string.Join('/', parts);
}
