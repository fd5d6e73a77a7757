using System.Text.Json;
using Pipeline.Cli.Generate;
using Xunit;

namespace Pipeline.Tests.Generate;

public class StoryTests
{
    /// <summary>An hour, half a day, a burst of a second: story lines come at any rate that has room.</summary>
    public static TheoryData<long, double> Runs => new()
    {
        { 10_000, GenerateOptions.RateDefault },
        { 20_000, 0.5 },
        { 10_000, 10_000 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Someone_guesses_a_password_and_gets_in(long count, double rate) =>
        Assert.NotEmpty(BreakIns(Generated.Events(new GenerateOptions(count) { Seed = 3, Rate = rate })));

    [Theory]
    [MemberData(nameof(Runs))]
    public void Errors_follow_a_deploy_until_it_is_rolled_back(long count, double rate)
    {
        List<JsonElement> events = Generated.Events(new GenerateOptions(count) { Seed = 3, Rate = rate });

        (string service, List<JsonElement> errors) = BadDeploys(events)[0];

        Assert.InRange(errors.Count, 3, events.Count);
        Assert.All(errors, error => Assert.Equal(service, error.Data("service").GetString()));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Scanners_ask_for_what_is_not_there_from_outside(long count, double rate)
    {
        List<JsonElement> events = Generated.Events(new GenerateOptions(count) { Seed = 3, Rate = rate });

        var scans = Scans(events);

        Assert.NotEmpty(scans);
        Assert.All(scans, scan => Assert.InRange(scan.Count(), 10, 200));
        Assert.All(scans, scan => Assert.DoesNotMatch(@"^(10\.|172\.20\.|192\.168\.|fd12:)", scan.Key));
    }

    [Fact]
    public void A_few_payments_fail_and_say_why()
    {
        List<JsonElement> failed =
            [.. Generated.Events(new GenerateOptions(20_000)).Where(e => e.Text("type") == "payment.failed")];

        Assert.InRange(failed.Count, 10, 100);
        Assert.All(failed, e => Assert.NotEmpty(e.Data("reason").GetString()!));
    }

    [Fact]
    public void Errors_are_rare_while_no_version_is_bad()
    {
        List<JsonElement> events = Generated.Events(new GenerateOptions(30_000));
        int errors = events.Count(e => e.Text("type") == "app.error");
        int afterDeploys = BadDeploys(events).Sum(deploy => deploy.Errors.Count);

        Assert.InRange(errors - afterDeploys, 1, events.Count / 200);
    }

    /// <summary>The successful logins after five or more failures in the five minutes before.</summary>
    internal static List<JsonElement> BreakIns(IEnumerable<JsonElement> events)
    {
        var failures = new Dictionary<(string?, string?), List<DateTimeOffset>>();
        var found = new List<JsonElement>();
        foreach (JsonElement login in events.Where(e => e.Text("type") == "auth.login").OrderBy(e => e.Time()))
        {
            (string?, string?) key = (login.Data("ip").GetString(), login.Data("user").GetString());
            if (!failures.TryGetValue(key, out List<DateTimeOffset>? times))
            {
                failures[key] = times = [];
            }

            if (login.Data("outcome").GetString() == "failure")
            {
                times.Add(login.Time());
                continue;
            }

            if (times.Count(time => login.Time() - time <= TimeSpan.FromMinutes(5)) >= 5)
            {
                found.Add(login);
            }

            times.Clear();
        }

        return found;
    }

    /// <summary>The requests for paths that no page links to, by address.</summary>
    internal static List<IGrouping<string, JsonElement>> Scans(IEnumerable<JsonElement> events) =>
    [
        .. events
            .Where(e => e.Text("type") == "http.request")
            .Where(e => e.Data("path").GetString() is { } path
                && (path.StartsWith("/wp-", StringComparison.Ordinal) || path.StartsWith("/.", StringComparison.Ordinal)
                    || path.StartsWith("/phpmyadmin", StringComparison.Ordinal)))
            .GroupBy(e => e.Data("ip").GetString()!),
    ];

    /// <summary>Deploys that the next one takes back, with the service's errors in between.</summary>
    internal static List<(string Service, List<JsonElement> Errors)> BadDeploys(IReadOnlyList<JsonElement> events)
    {
        List<JsonElement> deploys = [.. events.Where(e => e.Text("type") == "deploy.finished").OrderBy(e => e.Time())];
        var found = new List<(string, List<JsonElement>)>();
        for (int i = 0; i + 1 < deploys.Count; i += 3)
        {
            string service = deploys[i].Data("service").GetString()!;
            Assert.Equal(service, deploys[i + 1].Data("service").GetString());
            found.Add((service, [.. events.Where(e =>
                e.Text("type") == "app.error" && e.Data("service").GetString() == service
                && e.Time() > deploys[i].Time() && e.Time() < deploys[i + 1].Time())]));
        }

        return found;
    }
}
