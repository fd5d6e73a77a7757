using Pipeline.Core.Commands;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Incidents of services: opened, added to, closed, opened anew, turned into parts.</summary>
public sealed class IncidentTests
{
    private readonly WorkerBench _bench = new();

    [Fact]
    public void The_first_command_opens_and_later_ones_are_added_in_order()
    {
        Do(Open("c1", "Payments fail"), Open("c2"));

        Assert.Equal(
            """
            {"service":"Check out","id":"c1","state":"open","openedAt":"2026-03-01T12:00:00.000Z","part":1,
            "commands":[{"command":"c1","at":"2026-03-01T12:00:00.000Z","title":"Payments fail"},
            {"command":"c2","at":"2026-03-01T12:00:01.000Z"}],"title":"Payments fail"}
            """.ReplaceLineEndings(""),
            Assert.Single(_bench.Objects("incidents")).Value);
        Assert.Equal("incidents/%43heck%20out.json", Assert.Single(_bench.Objects("incidents")).Key);
    }

    [Fact]
    public void After_a_close_the_next_command_opens_another_incident_and_the_closed_one_is_kept()
    {
        Do(Open("c1"), Close("x1"));
        var closed = _bench.Objects()["incidents/%43heck%20out.json"];
        Assert.Contains(
            "\"state\":\"closed\"", closed, StringComparison.Ordinal);
        Assert.Contains(
            "\"closedAt\":\"2026-03-01T12:00:01.000Z\",\"closedBy\":\"x1\"", closed, StringComparison.Ordinal);
        Do(Open("c2"));

        Assert.Equal(closed, _bench.Objects()["incidents/%43heck%20out/c1.json"]);
        var latest = _bench.Json("incidents/%43heck%20out.json");
        Assert.Equal(
            ("c2", "open", "c1"),
            (latest.GetProperty("id").GetString(), latest.GetProperty("state").GetString(),
                latest.GetProperty("previous").GetProperty("id").GetString()));
        Assert.False(latest.TryGetProperty("closedAt", out _));
    }

    [Fact]
    public void Closing_what_is_not_open_is_done_and_says_so()
    {
        Do(Close("x1"));
        Assert.Empty(_bench.Objects("incidents"));
        Do(Open("c1"), Close("x2"), Close("x3"));

        Assert.Equal("no open incident", _bench.Record("x1").GetProperty("detail").GetString());
        Assert.False(_bench.Record("x2").TryGetProperty("detail", out _));
        Assert.Equal("no open incident", _bench.Record("x3").GetProperty("detail").GetString());
        Assert.All(["x1", "x2", "x3"], id =>
            Assert.Equal("executed", _bench.Record(id).GetProperty("outcome").GetString()));
        Assert.Equal("x2", _bench.Json("incidents/%43heck%20out.json").GetProperty("closedBy").GetString());
    }

    [Fact]
    public void A_failure_from_before_the_recovery_that_comes_late_opens_nothing()
    {
        Do(Open("c1", at: "2026-03-01T11:00:00Z"), Close("x1", at: "2026-03-01T11:05:00Z"));
        Do(Open("c2", at: "2026-03-01T11:04:59.999Z"));

        Assert.Equal("c1", _bench.Json("incidents/%43heck%20out.json").GetProperty("id").GetString());
        Assert.Equal("the service has recovered since", _bench.Record("c2").GetProperty("detail").GetString());
        Assert.Equal("executed", _bench.Record("c2").GetProperty("outcome").GetString());

        Do(Open("c3", at: "2026-03-01T11:05:00Z"));
        Assert.Equal("c3", _bench.Json("incidents/%43heck%20out.json").GetProperty("id").GetString());
    }

    [Fact]
    public void A_recovery_from_before_the_failure_closes_nothing_though_it_is_carried_out_later()
    {
        Do(Open("c1", at: "2026-03-01T12:00:00+01:00"), Close("x1", at: "2026-03-01T10:59:59Z"));

        Assert.Equal("open", _bench.Json("incidents/%43heck%20out.json").GetProperty("state").GetString());
        Assert.Equal("the open incident began later", _bench.Record("x1").GetProperty("detail").GetString());
    }

    [Fact]
    public void Who_does_not_say_when_opens_and_closes_in_the_order_carried_out()
    {
        Do(Open("c1", at: "2026-03-01T11:00:00Z"), Close("x1"), Open("c2", at: "2026-03-01T10:00:00Z"), Close("x2"));

        var latest = _bench.Json("incidents/%43heck%20out.json");
        Assert.Equal(
            ("c2", "closed"), (latest.GetProperty("id").GetString(), latest.GetProperty("state").GetString()));
    }

    [Fact]
    public void A_full_part_is_kept_under_its_number_and_the_incident_goes_on()
    {
        for (var index = 1; index <= (2 * WorkerBench.PageMax) + 1; index++)
        {
            Do(Open($"c{index}"));
        }

        Assert.Equal(
            ["incidents/%43heck%20out.json", "incidents/%43heck%20out/c1-2.json", "incidents/%43heck%20out/c1.json"],
            _bench.Objects("incidents").Keys);
        Assert.Equal(
            ["c7|3", "c4 c5 c6|2", "c1 c2 c3|1"],
            _bench.Objects("incidents").Keys.Select(key =>
                $"{CommandsOf(key)}|{_bench.Json(key).GetProperty("part")}"));
    }

    [Fact]
    public void Closing_a_full_part_leaves_its_bytes_alone()
    {
        Do(Open("c1"), Open("c2"), Open("c3"));
        var full = _bench.Objects()["incidents/%43heck%20out.json"];
        Do(Close("x1"));

        Assert.Equal(full, _bench.Objects()["incidents/%43heck%20out/c1.json"]);
        var latest = _bench.Json("incidents/%43heck%20out.json");
        Assert.Equal(
            ("closed", 2, 0),
            (latest.GetProperty("state").GetString(), latest.GetProperty("part").GetInt32(),
                latest.GetProperty("commands").GetArrayLength()));
    }

    [Fact]
    public void An_id_that_ends_like_a_part_is_not_mistaken_for_one()
    {
        Do(Open("c"), Open("c1"), Open("c2"), Open("c3"), Close("x1"));
        Do(Open("c-2"), Close("x2"), Open("c5"));

        Assert.Equal(
            ["incidents/%43heck%20out.json", "incidents/%43heck%20out/c%2d2.json",
                "incidents/%43heck%20out/c-2.json", "incidents/%43heck%20out/c.json"],
            _bench.Objects("incidents").Keys);
        Assert.Equal("c3", CommandsOf("incidents/%43heck%20out/c-2.json"));
        Assert.Equal("c-2", CommandsOf("incidents/%43heck%20out/c%2d2.json"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""{"service":"a","id":"1","state":"ajar","openedAt":"2026-03-01T12:00:00Z","part":1,"commands":[]}""")]
    [InlineData("""{"service":"a","id":"1","state":"open","openedAt":"yesterday","part":1,"commands":[]}""")]
    public void An_object_that_is_no_incident_is_named_and_left_alone(string text)
    {
        _bench.Store("incidents/%43heck%20out.json", text);

        Assert.Equal(["c1"], _bench.Deliver(Open("c1")));
        Assert.Equal(
            "ExecuteHigh: message c1 failed. The object incidents/%43heck%20out.json is not an incident. Commands that"
            + " need it wait, and end in the dead-letter queue, until it is repaired or deleted.",
            Assert.Single(_bench.Sentences));
        Assert.Equal(text, _bench.Objects()["incidents/%43heck%20out.json"]);
    }

    private static Command Open(string id, string? title = null, string? at = null) => WorkerBench.Command(
        id, "open-incident",
        $$"""{"service":"Check out"{{Member("title", title)}}{{Member("at", at)}},"latencyMs":7,"more":{} }""");

    private static Command Close(string id, string? at = null) => WorkerBench.Command(
        id, "close-incident", $$"""{"service":"Check out"{{Member("at", at)}} }""");

    private static string Member(string name, string? text) => text is null ? "" : $",\"{name}\":\"{text}\"";

    private string CommandsOf(string key) => string.Join(
        ' ', _bench.Json(key).GetProperty("commands").EnumerateArray().Select(entry => entry.GetProperty("command")));

    private void Do(params Command[] commands)
    {
        foreach (var command in commands)
        {
            Assert.Empty(_bench.Deliver(command));
            _bench.Wait(TimeSpan.FromSeconds(1));
        }
    }
}
