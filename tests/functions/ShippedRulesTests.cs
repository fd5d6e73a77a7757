using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The rules that come with the repository, from an event to its command.</summary>
public class ShippedRulesTests
{
    [Theory]
    [InlineData("app.error", 24, """{"service":"cart","message":"gone"}""",
        "high", "open-incident", """{"service":"cart","title":"gone","at":"2026-03-01T12:00:00Z"}""")]
    [InlineData("app.error", 21, """{"service":"cart","message":"gone","stack":"at x"}""",
        "high", "open-incident", """{"service":"cart","title":"gone","at":"2026-03-01T12:00:00Z"}""")]
    [InlineData("app.error", 20, """{"service":"cart","message":"slow"}""",
        "low", "notify", """{"channel":"errors","text":"slow","service":"cart"}""")]
    [InlineData("app.error", 17, """{"service":"cart","message":"slow"}""",
        "low", "notify", """{"channel":"errors","text":"slow","service":"cart"}""")]
    [InlineData("deploy.finished", 9, """{"service":"cart","version":"1.2.3"}""",
        "normal", "close-incident", """{"service":"cart","at":"2026-03-01T12:00:00Z"}""")]
    [InlineData("deploy.finished", null, """{"service":"cart","version":"1.2.3"}""",
        "normal", "close-incident", """{"service":"cart","at":"2026-03-01T12:00:00Z"}""")]
    [InlineData("http.request", null, """{"ip":"203.0.113.7","path":"/wp-login.php?x=1"}""",
        "high", "block-address", """{"address":"203.0.113.7","reason":"honeypot"}""")]
    [InlineData("payment.failed", 13, """{"orderId":"o1","reason":"card declined"}""",
        "normal", "notify", """{"channel":"payments","text":"card declined","orderId":"o1"}""")]
    public void A_critical_event_asks_for_its_command(
        string type, int? severity, string data, string priority, string name, string args)
    {
        var line = RouteBench.Line(type, data, severity);

        Assert.True(RouteBench.IsCritical(line), "The filter drops the event.");
        var command = RouteBench.CommandOf(RouteBench.Shipped(), line)!;

        Assert.Equal((priority, name), (command.Priority.Name(), command.Name));
        Assert.Equal(args, Encoding.UTF8.GetString(command.Arguments.Span));
        Assert.Equal(
            type == "payment.failed" ? RouteBench.Arrival.AddHours(1) : null, command.Deadline);
    }

    [Theory]
    [InlineData("/wp-admin/setup.php")]
    [InlineData("/WP-Login.php")]
    [InlineData("/.env")]
    [InlineData("/.env.production")]
    [InlineData("/.git/config")]
    [InlineData("/phpMyAdmin/index.php")]
    [InlineData("/xmlrpc.php")]
    [InlineData("/.aws/credentials")]
    public void A_path_that_only_intruders_ask_for_is_a_honeypot(string path)
    {
        var line = RouteBench.Line("http.request", $$"""{"ip":"203.0.113.7","path":"{{path}}"}""");

        Assert.True(RouteBench.IsCritical(line));
        Assert.Equal("block-address", RouteBench.CommandOf(RouteBench.Shipped(), line)!.Name);
    }

    [Theory]
    [InlineData("http.request", 9, """{"ip":"203.0.113.7","path":"/cart"}""")]
    [InlineData("http.request", null, """{"ip":"203.0.113.7","path":"/blog/wp-admin"}""")]
    [InlineData("http.request", null, """{"ip":"203.0.113.7","path":"/environment"}""")]
    [InlineData("auth.login", 13, """{"ip":"203.0.113.7","path":"/wp-admin"}""")]
    [InlineData("app.error", 16, """{"service":"cart","message":"slow"}""")]
    [InlineData("payment.settled", null, "{}")]
    public void An_everyday_event_goes_no_further(string type, int? severity, string data) =>
        Assert.False(RouteBench.IsCritical(RouteBench.Line(type, data, severity)));

    [Fact]
    public void A_severe_event_without_a_route_is_dropped_as_such() => Assert.Equal(
        DropReason.NotRouted,
        RouteBench.Apply(RouteBench.Shipped(), RouteBench.Line("auth.login", "{}", 21)).DropReason);

    [Fact]
    public void The_honeypots_of_filter_and_routes_are_the_same() => Assert.Equal(
        MatchOf("filter.json", "critical", "honeypot"), MatchOf("routes.json", "routes", "honeypot"));

    [Theory]
    [InlineData("", OutcomeKind.Emit)]
    [InlineData("\"reason\":\"card declined\"", OutcomeKind.Reject)]
    [InlineData("\"orderId\":\"o1\"", OutcomeKind.Reject)]
    [InlineData("\"customer\":\"c\"", OutcomeKind.Reject)]
    [InlineData("\"currency\":\"EUR\"", OutcomeKind.Reject)]
    [InlineData("\"amount\":12.90", OutcomeKind.Reject)]
    public void A_failed_payment_says_order_amount_currency_customer_and_reason(string missing, OutcomeKind expected)
    {
        const string data =
            """{"orderId":"o1","amount":12.90,"currency":"EUR","customer":"c","reason":"card declined","x":1}""";
        var without = missing.Length == 0 ? data : data.Replace(missing + ",", "", StringComparison.Ordinal);

        Assert.Equal(expected, ValidateBench.Validate(EventJson.Of("1", without, "payment.failed")).Kind);
    }

    [Theory]
    [InlineData(0, OutcomeKind.Reject)]
    [InlineData(1, OutcomeKind.Emit)]
    [InlineData(500, OutcomeKind.Emit)]
    [InlineData(501, OutcomeKind.Reject)]
    public void The_reason_of_a_failed_payment_has_1_to_500_characters(int length, OutcomeKind expected)
    {
        var reason = new string('é', length);
        var data = $$"""{"orderId":"o","amount":1,"currency":"EUR","customer":"c","reason":"{{reason}}"}""";

        Assert.Equal(expected, ValidateBench.Validate(EventJson.Of("1", data, "payment.failed")).Kind);
    }

    private static string MatchOf(string file, string list, string name)
    {
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Pipeline.Tests.Aws.Repository.PathOf("functions", "config", file)));
        return document.RootElement.GetProperty(list).EnumerateArray()
            .Single(rule => rule.GetProperty("name").GetString() == name).GetProperty("match").GetRawText();
    }
}
