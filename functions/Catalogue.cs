using Pipeline.Core;

namespace Pipeline.Functions;

/// <summary>Builds a function from its environment, its ports and its clock.</summary>
public delegate LambdaFunction Compose(IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time);

/// <summary>Every function of the pipeline, by name.</summary>
public static class Catalogue
{
    private static readonly SortedDictionary<string, Compose> Functions = new(StringComparer.Ordinal)
    {
        ["Validate"] = Validate.Function.Compose,
        ["Enrich"] = Enrich.Function.Compose,
        ["FilterCritical"] = Filter.Function.Compose,
        ["Route"] = Route.Function.Compose,
        ["ExecuteHigh"] = Execute.Function.Compose("ExecuteHigh"),
        ["ExecuteNormal"] = Execute.Function.Compose("ExecuteNormal"),
        ["ExecuteLow"] = Execute.Function.Compose("ExecuteLow"),
    };

    /// <summary>The names, in ordinal order.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>The function of a name.</summary>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static Compose Find(string name) =>
        Functions.TryGetValue(name, out var compose)
            ? compose
            : throw new ConfigurationException($"There is no function '{name}'; there are {string.Join(", ", Names)}.");
}
