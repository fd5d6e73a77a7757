using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Route;
using Xunit;

namespace Pipeline.Tests.Functions;

public class RouteEventTests
{
    [Fact]
    public void A_command_as_it_travels()
    {
        var route = RouteBench.Routes(
            ""","args":{"service":"$.data.service","title":"$.data.message"},"deadline":"PT1H" """);
        var line = RouteBench.Line("app.error", """{ "message": "no \u00e9 answer", "service": "cart" }""", 21, "e-1");

        var body = CommandText.Write(RouteBench.CommandOf(route, line, "béla")!);

        Assert.Equal(
            $$$"""
            {"id":"{{{IdOf("r0", "béla", "/s", "e-1")}}}","name":"c0",
            "args":{"service":"cart","title":"no \u00e9 answer"},"priority":"low",
            "requestedAt":"2026-03-01T12:30:00.250Z","deadline":"2026-03-01T13:30:00.250Z",
            "cause":{"partitionkey":"b\u00E9la","source":"/s","id":"e-1"}}
            """.ReplaceLineEndings(""),
            body);
    }

    [Fact]
    public void The_first_route_that_matches_takes_the_event()
    {
        var routes = RouteBench.Routes(
            ""","match":{"type":["a"]}""", ""","match":{"type":["a","b"]}""", ""","match":{"type":[{"prefix":"b"}]}""");

        var names = new[] { "a", "b", "bc", "a" }.Select(
            type => RouteBench.CommandOf(routes, RouteBench.Line(type, "{}"))!.Name);

        Assert.Equal(["c0", "c1", "c2", "c0"], names);
    }

    [Fact]
    public void What_no_route_takes_is_dropped()
    {
        var outcome = RouteBench.Apply(
            RouteBench.Routes(""","match":{"type":["a"]}"""), RouteBench.Line("b", "{}"));

        Assert.Equal((OutcomeKind.Drop, DropReason.NotRouted), (outcome.Kind, outcome.DropReason));
        Assert.Equal(OutcomeKind.Drop, RouteBench.Apply(RouteBench.Routes(), RouteBench.Line("b", "{}")).Kind);
    }

    [Fact]
    public void A_second_delivery_asks_for_the_same_command_byte_for_byte()
    {
        var route = RouteBench.Routes(""","deadline":"P1D" """);
        var line = RouteBench.Line("t", """{"a":[1.50,"\u00e9"]}""");

        var again = CommandText.Write(RouteBench.CommandOf(RouteBench.Routes(""","deadline":"P1D" """), line)!);

        Assert.Equal(CommandText.Write(RouteBench.CommandOf(route, line)!), again);
        Assert.Equal(CommandText.Write(RouteBench.CommandOf(route, line)!), again);
    }

    [Theory]
    [InlineData("key", "/s", "1", true)]
    [InlineData("key", "/s", "2", false)]
    [InlineData("key", "/t", "1", false)]
    [InlineData("other", "/s", "1", false)]
    [InlineData("key/", "s", "1", false)]
    public void Only_the_same_event_asks_for_the_same_command(string key, string source, string id, bool isSame)
    {
        var route = RouteBench.Routes("");
        var line = RouteBench.Line("t", "{}", id: id).Replace("\"/s\"", $"\"{source}\"", StringComparison.Ordinal);

        var command = RouteBench.CommandOf(route, line, key)!;

        Assert.Equal(IdOf("r0", key, source, id), command.Id);
        Assert.Equal(isSame, command.Id == RouteBench.CommandOf(route, RouteBench.Line("t", "{}"))!.Id);
        Assert.Equal(new CommandCause(key, source, id), command.Cause);
    }

    [Fact]
    public void How_an_identity_is_escaped_makes_no_difference_and_the_route_does()
    {
        var line = RouteBench.Line("t", "{}", id: "é");
        var escaped = RouteBench.Line("t", "{}", id: "\\u00e9");
        var two = RouteBench.Routes(""","match":{"type":["u"]}""", "");

        Assert.Equal(
            RouteBench.CommandOf(RouteBench.Routes(""), line)!.Id,
            RouteBench.CommandOf(RouteBench.Routes(""), escaped)!.Id);
        Assert.Equal(IdOf("r1", "key", "/s", "é"), RouteBench.CommandOf(two, line)!.Id);
    }

    [Fact]
    public void An_identity_of_any_length_is_taken_whole()
    {
        var id = new string('é', 4000);
        var line = RouteBench.Line("t", "{}", id: id.Replace("é", "\\u00e9", StringComparison.Ordinal));

        var command = RouteBench.CommandOf(RouteBench.Routes(""), line)!;

        Assert.Equal((id, IdOf("r0", "key", "/s", id)), (command.Cause.Id, command.Id));
    }

    [Theory]
    [InlineData("high", CommandPriority.High)]
    [InlineData("normal", CommandPriority.Normal)]
    [InlineData("low", CommandPriority.Low)]
    public void A_route_says_how_soon(string name, CommandPriority priority)
    {
        var routes = RouteRulesOf($$"""
            {"routes":[{"name":"a","match":{"type":["t"]},"priority":"{{name}}","command":"b"}]}
            """);

        Assert.Equal(priority, RouteBench.CommandOf(routes, RouteBench.Line("t", "{}"))!.Priority);
    }

    [Fact]
    public void Without_args_the_arguments_are_the_data_as_it_is()
    {
        const string data = """{ "n": 1.50, "deep": [ {"é": "\u00e9" } ] }""";

        var command = RouteBench.CommandOf(RouteBench.Routes(""), RouteBench.Line("t", data))!;

        Assert.Equal(data, Encoding.UTF8.GetString(command.Arguments.Span));
        Assert.Null(command.Deadline);
    }

    [Theory]
    [InlineData("""{"a":"$.data.s"}""", """{"a":"x\u00e9"}""")]
    [InlineData("""{"a":"$.data.n"}""", """{"a":1.50}""")]
    [InlineData("""{"a":"$.data.o"}""", """{"a":{"p": [1, null]}}""")]
    [InlineData("""{"a":"$.data.none"}""", """{"a":null}""")]
    [InlineData("""{"a":"$.data.o.p"}""", """{"a":[1, null]}""")]
    [InlineData("""{"a":"$.source","b":"$.id"}""", """{"a":"/s","b":"1"}""")]
    [InlineData("""{"a":"$.data.missing","b":1}""", """{"b":1}""")]
    [InlineData("""{"b":1,"a":"$.data.missing"}""", """{"b":1}""")]
    [InlineData("""{"a":"$.data.missing"}""", "{}")]
    [InlineData("{}", "{}")]
    [InlineData("""{"a":{"b":["$.data.s",{"c":"$.data.n"},2]}}""", """{"a":{"b":["x\u00e9",{"c":1.50},2]}}""")]
    [InlineData("""{"a":["$.data.missing",1,"$.data.missing",2]}""", """{"a":[1,2]}""")]
    [InlineData("""{"a":{"b":"$.data.missing"},"c":[]}""", """{"a":{},"c":[]}""")]
    [InlineData("""{"a":"$","b":"$5","c":"a$.data","d":""}""", """{"a":"$","b":"$5","c":"a$.data","d":""}""")]
    [InlineData("""{"a":"$$","b":"$$.data.s","c":"$$$.x","d":"$$$$"}""",
        """{"a":"$","b":"$.data.s","c":"$$.x","d":"$$$"}""")]
    [InlineData("""{"a":1.500,"b":1e400,"c":true,"d":null,"e":"<\u00e9\/"}""",
        """{"a":1.500,"b":1e400,"c":true,"d":null,"e":"<\u00e9\/"}""")]
    [InlineData("""{"$.source":"\u0024.source"}""", """{"$.source":"/s"}""")]
    [InlineData("""{"a":"$.data.a\\.b"}""", """{"a":7}""")]
    [InlineData("""{ "a" : [ 1 , { } ] }""", """{"a":[1,{}]}""")]
    public void Paths_in_the_arguments_are_filled_in_and_all_else_stands_for_itself(string args, string expected)
    {
        const string data = """{"s":"x\u00e9","n":1.50,"o":{"p": [1, null]},"none":null,"a.b":7}""";

        Assert.Equal(expected, RouteBench.Arguments(args, RouteBench.Line("t", data)));
    }

    [Fact]
    public void The_deepest_value_in_the_deepest_arguments_can_be_read_by_the_receiver()
    {
        var value = new string('[', Limits.EventDepthMax - 2) + new string(']', Limits.EventDepthMax - 2);
        const int depth = 60;
        var args = string.Concat(Enumerable.Repeat("{\"a\":", depth - 5)) + "\"$.data.v\"" + new string('}', depth - 5);

        var command = RouteBench.CommandOf(
            RouteBench.Routes($",\"args\":{args}"), RouteBench.Line("t", $$"""{"v":{{value}}}"""))!;

        Assert.True(CommandText.TryRead(CommandText.Write(command), out _, out var problem), problem);
    }

    [Fact]
    public void An_event_that_is_dropped_costs_no_allocation()
    {
        var route = RouteBench.Routes(""","match":{"type":["a"]}""", ""","match":{"type":["b"]}""");
        var record = new Pipeline.Core.Record(
            EventJson.Bytes("1"), "key"u8.ToArray(), ValidateBench.At, RouteBench.Arrival);
        Event.Read(record, new EventErrors(), out var @event);
        route.Apply(@event);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            route.Apply(@event);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static RouteEvent RouteRulesOf(string json) => new(
        RouteRules.Read(
            ConfigFile.Parse("routes.json", Encoding.UTF8.GetBytes(json))).Routes);

    /// <summary>The id by its documentation.</summary>
    private static string IdOf(string route, string key, string source, string id) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{route}\0{key}\0{source}\0{id}")))[..32];
}
