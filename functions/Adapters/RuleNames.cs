using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>The names of the rules of one list: each rule has one of its own.</summary>
internal sealed class RuleNames
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The member <c>name</c> of the next rule.</summary>
    /// <exception cref="ConfigurationException">It is missing, no name, or that of a rule before.</exception>
    public string Read(ConfigFile rule)
    {
        var name = rule.Name("name");
        return _names.Add(name)
            ? name
            : throw rule.Mistake("name", $"found \"{name}\", the name of a rule before; allowed is each name once.");
    }
}
