using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary><c>filter.json</c>: what someone must act on.</summary>
/// <param name="Critical">The patterns of the events that are kept; one match is enough.</param>
public sealed record FilterRules(IReadOnlyList<EventPattern> Critical)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">
    /// A member is unknown, missing or wrong, or a name stands twice.
    /// </exception>
    public static FilterRules Read(ConfigFile file)
    {
        file.AllowOnly("critical");
        var names = new RuleNames();
        return new FilterRules([.. file.Objects("critical").Select(rule => ReadRule(rule, names))]);
    }

    private static EventPattern ReadRule(ConfigFile rule, RuleNames names)
    {
        rule.AllowOnly("name", "match");
        names.Read(rule);
        return rule.Pattern("match");
    }
}
