using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Engine;
using Pipeline.Engine.Simulation;
using Pipeline.Functions.Execute;
using Pipeline.Tests.Generate;
using Xunit;

namespace Pipeline.Tests.Runs;

/// <summary>Commands from events to effects, through the whole pipeline.</summary>
public sealed class CommandTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private static readonly string[] s_workers = ["ExecuteHigh", "ExecuteNormal", "ExecuteLow"];

    [Fact]
    public void The_sample_opens_incidents_blocks_scanners_and_notifies()
    {
        using var run = new TestRun();
        var input = File.ReadAllBytes(Path.Combine(Generated.Root(), "events", "sample.ndjson"));

        var summary = run.Play(input);

        TestRun.RunLaws.Check(input, summary, run.Output);
        TestRun.CommandLaws.Check(summary, run.Output);
        var events = run.Output.Archived().Select(a => Generated.Parse(a.Line)).DistinctBy(e => e.Text("id")).ToList();
        CheckScanners(run, events);
        CheckIncidents(run, events);
        var failed = events.Count(e => e.Text("type") == "payment.failed");
        var payments = File.ReadAllLines(Path.Combine(run.OutputDirectory, "notifications", "payments.ndjson"));
        Assert.Equal(failed, payments.Length);
    }

    [Fact]
    public void High_commands_overtake_a_flood_of_low_ones()
    {
        var slow = new Dictionary<string, FunctionTime>
        {
            ["ExecuteLow"] = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1)),
        };
        using var run = new TestRun { Settings = new EngineSettings { FunctionTimes = slow } };

        // In each second fifty low ones and, between them, a high one.
        var summary = run.Play([.. Enumerable.Range(0, 60).SelectMany(second => (byte[])[
            .. Errors(50, severity: 17, apart: TimeSpan.FromMilliseconds(20), second),
            .. Errors(1, severity: 21, apart: TimeSpan.Zero, second),
        ])]);

        TestRun.CommandLaws.Check(summary, run.Output);
        var (high, low) = (summary.Commands.WaitingSeconds["high"], summary.Commands.WaitingSeconds["low"]);
        Assert.Equal((60, 3000), (high.Commands, low.Commands));
        // The bound of docs/commands.md: a second's poll and window, however long the low ones wait.
        Assert.InRange(high.P50, 0, 2);
        Assert.InRange(high.P99, 0, 5);
        Assert.InRange(low.P50, 60, 3600);
        Assert.InRange(low.P99, low.P50, 3600);
    }

    [Fact]
    public void Commands_wait_for_workers_that_are_off_and_are_carried_out_once_when_they_are_back()
    {
        byte[] input =
        [
            .. Errors(20, severity: 17, apart: TimeSpan.FromSeconds(1)),
            .. Errors(5, severity: 21, apart: TimeSpan.FromSeconds(1), second: 20),
        ];
        using var off = new TestRun { TemplateOptions = new() { Disable = s_workers } };
        var waiting = off.Play(input).Commands;
        Assert.Equal((25, 0, 25), (waiting.Requested, waiting.Executed, waiting.InFlight));
        Assert.Empty(off.Output.FilesBelow("commands"));

        using var on = new TestRun { Continues = off };
        var done = on.Resume();

        Assert.Equal((25, 25, 0), (done.Commands.Requested, done.Commands.Executed, done.Commands.InFlight));
        TestRun.CommandLaws.Check(done, on.Output);
        Assert.Equal(25, on.Resume().Commands.Executed);
    }

    [Fact]
    public void A_command_past_its_deadline_is_recorded_as_expired_and_has_no_effect()
    {
        using var off = new TestRun { TemplateOptions = new() { Disable = s_workers } };
        off.Play(FailedPayment("late", s_start));
        using var on = new TestRun { Continues = off };
        // The worker comes back together with an event of three hours later.
        off.Resume(Errors(3, severity: 9, apart: TimeSpan.FromHours(1)));

        var summary = on.Resume(FailedPayment("soon", s_start.AddHours(3)));

        Assert.Equal((1, 1), (summary.Commands.Expired, summary.Commands.Executed));
        TestRun.CommandLaws.Check(summary, on.Output);
        Assert.Single(File.ReadAllLines(Path.Combine(on.OutputDirectory, "notifications", "payments.ndjson")));
    }

    [Fact]
    public void A_command_that_nobody_knows_ends_in_the_dead_letter_queue_and_says_why()
    {
        using var run = new TestRun();
        run.Edit(
            "routes.json",
            text => text.Replace("\"open-incident\"", "\"open-incidnet\"", StringComparison.Ordinal));

        var summary = run.Play(Errors(3, severity: 21, apart: TimeSpan.FromSeconds(1)));

        Assert.Equal((3, 3, 0), (
            summary.Commands.Requested, summary.Commands.DeadLettered, summary.Commands.InFlight));
        Assert.True(summary.Commands.Balanced);
        var dead = run.Engine!.Queues.Single(queue => queue.Model.LogicalId == "CommandsHighDead").Look();
        Assert.All(dead, message => Assert.True(
            CommandText.TryRead(Encoding.UTF8.GetString(message.Body.Span), out var command, out _)
            && command!.Name == "open-incidnet"));
        Assert.All(CommandLaws.Records(run.Output).Values, record =>
        {
            Assert.False(record.IsFinished);
            Assert.Equal("open-incidnet", record.Name);
            Assert.Contains("open-incident", record.Error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_is_no_command_ends_in_the_dead_letter_queue_and_in_the_books()
    {
        using var run = new TestRun
        {
            OnStart = engine => engine.Queues.Single(queue => queue.Model.LogicalId == "CommandsLow")
                .SendMessageBatch([new SendEntry("a", "no command"), new SendEntry("b", "{}")]),
        };

        var summary = run.Play(Errors(1, severity: 17, apart: TimeSpan.Zero));

        Assert.Equal((3, 1, 2), (
            summary.Commands.Requested, summary.Commands.Executed, summary.Commands.DeadLettered));
        Assert.True(summary.Commands.Balanced);
    }

    [Fact]
    public void Editing_a_filter_or_a_route_changes_the_run()
    {
        var input = Errors(10, severity: 17, apart: TimeSpan.FromSeconds(1));
        using var fewer = new TestRun();
        fewer.Edit("filter.json", text => text.Replace("17", "18", StringComparison.Ordinal));
        Assert.Equal(0, fewer.Play(input).Commands.Requested);

        using var higher = new TestRun();
        higher.Edit("routes.json", text => text.Replace("\"low\"", "\"high\"", StringComparison.Ordinal));
        Assert.Equal(10, higher.Play(input).Commands.WaitingSeconds["high"].Commands);
    }

    private static void CheckScanners(TestRun run, List<JsonElement> events)
    {
        var scans = StoryTests.Scans(events);
        Assert.NotEmpty(scans);
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run.OutputDirectory, "blocklist.json")));
        var blocked = list.RootElement.GetProperty("addresses").EnumerateArray()
            .Select(entry => entry.GetProperty("address").GetString()!);
        Assert.Equal(
            scans.Select(scan => scan.Key).Order(StringComparer.Ordinal), blocked.Order(StringComparer.Ordinal));
        foreach (var scan in scans)
        {
            // From the raw stream to the block list and back into Enrich: some ten seconds, and its staleness of ten.
            var first = scan.Min(e => e.Time());
            var later = events.Where(e => e.TryGetProperty("data", out var data)
                && data.TryGetProperty("ip", out var ip) && ip.GetString() == scan.Key
                && e.Time() - first > TimeSpan.FromMinutes(1)).ToList();
            Assert.NotEmpty(later);
            Assert.All(later, e => Assert.True(e.TryGetProperty("blocked", out var mark) && mark.GetBoolean()));
        }
        Assert.All(
            events.Where(e => e.TryGetProperty("blocked", out _)),
            e => Assert.Contains(e.Data("ip").GetString(), scans.Select(scan => scan.Key)));
    }

    /// <summary>While a bad version is live, its service has one incident, and the rollback closes it.</summary>
    private static void CheckIncidents(TestRun run, List<JsonElement> events)
    {
        var incidents = run.Output.FilesBelow("incidents")
            .Select(file => Incident.Read(file, new StoredObject(File.ReadAllBytes(file), "")))
            .GroupBy(incident => incident.Id).Select(parts => parts.Last()).ToList();
        var severe = 0;
        foreach (var (service, errors) in StoryTests.BadDeploys(events))
        {
            var fatal = errors.Where(e => e.GetProperty("severitynumber").GetInt32() >= 21)
                .Select(e => e.Time()).ToList();
            if (fatal.Count < 2)
            {
                continue;
            }
            severe++;
            var opened = incidents.Where(incident => incident.Service == service
                && incident.OpenedAt >= fatal.Min() && incident.OpenedAt <= fatal.Max().AddSeconds(30));
            var incident = Assert.Single(opened);
            Assert.Equal(IncidentState.Closed, incident.State);
            Assert.True(incident.Commands.Count >= 2, "Later errors are added to the incident that is open.");
        }
        Assert.True(severe > 0, "The sample has no bad deploy with fatal errors.");
    }

    private static byte[] Errors(int count, int severity, TimeSpan apart, int second = 0) =>
    [
        .. Enumerable.Range(0, count).SelectMany(i => Line(
            string.Create(CultureInfo.InvariantCulture, $"{severity}-{second}-{i}"),
            "app.error",
            s_start.AddSeconds(second) + (i * apart),
            string.Create(CultureInfo.InvariantCulture, $"\"severitynumber\":{severity},"),
            """{"service":"search","message":"no answer"}""")),
    ];

    private static byte[] FailedPayment(string id, DateTimeOffset time) => Line(
        id, "payment.failed", time, "",
        """{"orderId":"1","amount":1,"currency":"EUR","customer":"c","reason":"declined"}""");

    private static byte[] Line(string id, string type, DateTimeOffset time, string attributes, string data) =>
        Encoding.UTF8.GetBytes(
            $$"""{"specversion":"1.0","id":"{{id}}","source":"/s","type":"{{type}}","subject":"{{id}}", """
            + $$"""{{attributes}} "time":"{{Rfc3339.Format(time)}}","data":{{data}}}""" + "\n");
}
