using System.Text;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Filter;
using Pipeline.Functions.Route;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Functions;

/// <summary>FilterCritical and Route with rules of a test, or with those of the repository.</summary>
internal static class RouteBench
{
    public static readonly DateTimeOffset Arrival = new(2026, 3, 1, 12, 30, 0, 250, TimeSpan.Zero);

    /// <summary>Whether the repository's filter keeps an event.</summary>
    public static bool IsCritical(string line) =>
        Apply(new FilterCritical(PatternSet.Compile(ValidateBench.Config.Filter().Critical)), line).Kind
        == OutcomeKind.Emit;

    /// <summary>A filter with these rules.</summary>
    public static FilterCritical Filter(string json) => new(PatternSet.Compile(
        FilterRules.Read(ConfigFile.Parse("filter.json", Encoding.UTF8.GetBytes(json))).Critical));

    /// <summary>The repository's routes.</summary>
    public static RouteEvent Shipped() => new(ValidateBench.Config.Routes().Routes);

    /// <summary>Routes from the members of each, beside a name; they match everything unless they say.</summary>
    public static RouteEvent Routes(params string[] routes)
    {
        var objects = routes.Select((members, i) => $$"""
            {"name":"r{{i}}"{{(members.Contains("\"match\"", StringComparison.Ordinal) ? ""
                : ",\"match\":{\"id\":[{\"exists\":true}]}")}},"priority":"low","command":"c{{i}}"{{members}}}
            """);
        var file = Encoding.UTF8.GetBytes($$"""{"routes":[{{string.Join(',', objects)}}]}""");
        return new RouteEvent(RouteRules.Read(ConfigFile.Parse("routes.json", file)).Routes);
    }

    /// <summary>What a filter does with a line.</summary>
    public static Outcome Apply(IFilter filter, string line, string key = "key")
    {
        var record = new Record(
            Encoding.UTF8.GetBytes(line), Encoding.UTF8.GetBytes(key), ValidateBench.At, Arrival);
        var errors = new EventErrors();
        return Event.Read(record, errors, out var @event) is null
            ? filter.Apply(@event)
            : throw new ArgumentException(string.Join(' ', errors), nameof(line));
    }

    /// <summary>The command that a line asks for; null when it is dropped.</summary>
    public static Command? CommandOf(IFilter filter, string line, string key = "key") =>
        Apply(filter, line, key).Command;

    /// <summary>The arguments of that command.</summary>
    public static string Arguments(string args, string line) => Encoding.UTF8.GetString(
        CommandOf(Routes($",\"args\":{args}"), line)!.Arguments.Span);

    /// <summary>An event with a severity.</summary>
    public static string Line(string type, string data, int? severity = null, string id = "1") =>
        severity is { } number
            ? EventJson.Of(id, data, type).Replace(
                "\"data\"", $"\"severitynumber\":{number},\"data\"", StringComparison.Ordinal)
            : EventJson.Of(id, data, type);
}
