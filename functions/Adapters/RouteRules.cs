using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Route;

namespace Pipeline.Functions.Adapters;

/// <summary><c>routes.json</c>: which event asks for which command.</summary>
/// <param name="Routes">In the order of the file, which is the order they are tried in.</param>
public sealed record RouteRules(IReadOnlyList<CommandRoute> Routes)
{
    /// <summary>The longest deadline of a command; a queue keeps none longer than 14 days anyway.</summary>
    private static readonly TimeSpan DeadlineMax = TimeSpan.FromDays(365);

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">
    /// A member is unknown, missing or wrong, or a name stands twice.
    /// </exception>
    public static RouteRules Read(ConfigFile file)
    {
        file.AllowOnly("routes");
        var names = new RuleNames();
        return new RouteRules([.. file.Objects("routes").Select(route => ReadRoute(route, names))]);
    }

    private static CommandRoute ReadRoute(ConfigFile route, RuleNames names)
    {
        route.AllowOnly("name", "match", "priority", "command", "args", "deadline");
        return new CommandRoute(
            names.Read(route),
            route.Pattern("match"),
            (CommandPriority)route.RequiredChoice("priority", [.. CommandPriorityNames.All]),
            route.Name("command"))
        {
            Arguments = ReadArguments(route),
            Deadline = ReadDeadline(route),
        };
    }

    private static ArgumentTemplate? ReadArguments(ConfigFile route)
    {
        if (route.Find("args", out var pointer) is not { } args)
        {
            return null;
        }
        return args.ValueKind == JsonValueKind.Object
            ? ArgumentTemplate.Compile(route.File, args, pointer)
            : throw route.Wrong("args", "an object");
    }

    private static TimeSpan? ReadDeadline(ConfigFile route)
    {
        var deadline = route.OptionalDuration("deadline", DeadlineMax);
        return deadline != TimeSpan.Zero
            ? deadline
            : throw route.Wrong("deadline", "a duration longer than none, such as PT1H");
    }
}
