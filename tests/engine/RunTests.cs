using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Feeding;
using Pipeline.Functions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Whole runs: where every line is, what is told as lost, and that a resumed run loses nothing.</summary>
public sealed partial class RunTests
{
    private const int Lines = 400;

    private static readonly byte[] Sample = Run.Sample(Lines);

    [Fact]
    public void With_Enrich_waiting_for_the_delivery_stream_nothing_is_lost_during_deployment()
    {
        using var run = new Run();
        var summary = run.Play(Sample);
        Assert.True(summary.Accounting.Balanced);
        Assert.Equal(0, summary.Accounting.InFlight);
        Assert.Equal(Lines, summary.Accounting.Archived + summary.Accounting.Rejected);
    }

    [Fact]
    public void Without_Enrich_waiting_for_the_delivery_stream_the_accounting_shows_a_loss()
    {
        using var run = new Run { Change = resources => resources["EnrichMapping"]!.AsObject().Remove("DependsOn") };
        var summary = run.Play(Sample);
        Assert.False(summary.Accounting.Balanced);
        Assert.True(summary.Accounting.Archived > 0);
        Assert.True(summary.Accounting.Archived + summary.Accounting.Rejected < Lines);
        Assert.Equal(Lines, summary.Input.Lines);
    }

    [Fact]
    public void With_Validate_disabled_every_line_is_in_flight()
    {
        using var run = new Run();
        Assert.Equal(
            new AccountingSummary(0, 0, 0, 0, Lines, true), run.Play(Sample, disable: "Validate").Accounting);
    }

    [Fact]
    public void With_Enrich_disabled_what_Validate_let_through_is_in_flight()
    {
        using var run = new Run();
        var summary = run.Play(Sample, disable: "Enrich");
        var accounting = summary.Accounting;
        Assert.True(accounting.Balanced);
        Assert.Equal(0, accounting.Archived);
        Assert.True(accounting.Rejected > 0);
        Assert.Equal(summary.Functions["Validate"].Emitted, accounting.InFlight);
    }

    [Fact]
    public void A_resumed_run_archives_what_was_in_flight_and_its_figures_cover_the_directory_s_life()
    {
        using var whole = new Run();
        var expected = whole.Play(Sample);
        using var run = new Run();
        var before = run.Play(Sample, disable: "Enrich");
        var after = run.Play(null);

        Assert.Equal(expected.Accounting, after.Accounting);
        Assert.Equal(expected.Duplicates, after.Duplicates);
        Assert.Equal(new InputSummary(Lines, Sample.Length), after.Input);
        Assert.Equal(before.Functions["Validate"].Records, after.Functions["Validate"].Records);
        Assert.Equal(expected.Functions["Enrich"].Records, after.Functions["Enrich"].Records);
        Assert.Equal(ArchivedLines(whole).Select(Identity).Order(), ArchivedLines(run).Select(Identity).Order());
    }

    [Fact]
    public void A_directory_can_be_resumed_again_and_again()
    {
        using var run = new Run();
        run.Play(Sample, disable: "Validate");
        run.Play(null, disable: "Enrich");
        var third = run.Play(Run.Sample(Lines / 2));
        var fourth = run.Play(null);

        Assert.Equal(Lines + (Lines / 2), third.Input.Lines);
        Assert.True(third.Accounting.Balanced);
        Assert.Equal(0, third.Accounting.InFlight);
        Assert.Equal(third.Accounting, fourth.Accounting);
        Assert.Equal(third.Duplicates, fourth.Duplicates);
        Assert.Equal(third.Functions["Enrich"].Emitted, fourth.Functions["Enrich"].Emitted);
        Assert.Equal(third.Accounting.Archived, ArchivedLines(run).Count);
    }

    [Fact]
    public void A_run_is_resumed_with_the_streams_it_had_or_not_at_all()
    {
        using var run = new Run();
        run.Play(Sample, disable: "Enrich");
        using var other = new Run
        {
            Folder = run.Folder,
            Change = resources => resources["Raw"]!["Properties"]!["ShardCount"] = 3,
        };
        var refused = Assert.Throws<ConfigurationException>(() => other.Play(null));
        Assert.Contains("the stream Raw of 2 shards", refused.Message, StringComparison.Ordinal);
        // The refusal touched nothing.
        Assert.Equal(0, run.Play(null).Accounting.InFlight);
    }

    [Fact]
    public void Repeated_events_are_counted_as_a_set_of_all_identities_counts_them()
    {
        using var run = new Run();
        var summary = run.Play([.. Sample, .. Sample, .. Run.Sample(100)], Pace.Full);
        var archived = ArchivedLines(run);
        Assert.Equal(archived.Count, summary.Accounting.Archived);
        Assert.Equal(archived.Count - archived.Select(Identity).Distinct().Count(), summary.Duplicates);
        Assert.True(summary.Duplicates > Lines);
    }

    [Fact]
    public void Copies_of_a_redelivered_batch_are_told_and_counted_once()
    {
        using var run = new Run { Faults = new RedeliversBatches("Enrich") };
        var summary = run.Play(Sample);
        Assert.True(summary.Accounting.Balanced);
        Assert.True(summary.Accounting.Redelivered > Lines / 10);
        Assert.Equal(summary.Accounting.Archived + summary.Accounting.Redelivered, ArchivedLines(run).Count);
        using var plain = new Run();
        var expected = plain.Play(Sample);
        Assert.Equal(expected.Duplicates, summary.Duplicates);
        Assert.Equal(expected.Accounting with { Redelivered = summary.Accounting.Redelivered }, summary.Accounting);
    }

    [Theory]
    [InlineData("MaximumRetryAttempts", 2, false)]
    [InlineData("MaximumRecordAgeInSeconds", 60, true)]
    public void What_Enrich_s_mapping_gives_up_is_dead_lettered_and_told_as_aged_out_when_it_is(
        string property, int value, bool agedOut)
    {
        using var run = new Run
        {
            Change = resources => resources["EnrichMapping"]!["Properties"]![property] = value,
            Functions = name => name == "Enrich" ? Broken : Catalogue.Find(name),
        };
        var summary = run.Play(Sample);
        Assert.True(summary.Accounting.Balanced);
        Assert.Equal(0, summary.Accounting.Archived);
        Assert.Equal(summary.Functions["Validate"].Emitted, summary.Accounting.DeadLettered);
        Assert.Equal(agedOut ? summary.Accounting.DeadLettered : 0, summary.Lateness.AgedOut);
    }

    [Fact]
    public void What_Validate_s_mapping_gives_up_is_dead_lettered()
    {
        using var run = new Run
        {
            Change = resources => resources["ValidateMapping"]!["Properties"]!["MaximumRetryAttempts"] = 0,
            Functions = name => name == "Validate" ? Broken : Catalogue.Find(name),
        };
        Assert.Equal(new AccountingSummary(0, 0, Lines, 0, 0, true), run.Play(Sample).Accounting);
    }

    [Fact]
    public void What_Firehose_cannot_partition_is_dead_lettered()
    {
        // Without Enrich between, no event has a date.
        using var run = new Run
        {
            Change = resources => resources["Validate"]!["Properties"]!["Environment"]!["Variables"]!["OUTPUT_STREAM"] =
                new JsonObject { ["Ref"] = "Enriched" },
        };
        // The first lines come before the delivery stream is there; these do not wait for it.
        var summary = run.Play(null);
        Assert.Equal(new AccountingSummary(0, 0, 0, 0, 0, true), summary.Accounting);
        summary = run.Play(Sample);
        Assert.True(summary.Accounting.Balanced);
        Assert.Equal(summary.Functions["Validate"].Emitted, summary.Accounting.DeadLettered);
    }

    [Fact]
    public void The_same_input_template_and_seed_give_the_same_bytes()
    {
        using var first = new Run();
        using var second = new Run();
        first.Play(Sample);
        second.Play(Sample);
        first.Play(Run.Sample(50), disable: "Enrich");
        second.Play(Run.Sample(50), disable: "Enrich");
        Assert.Equal(Files(first), Files(second));
        Assert.True(Files(first).Count > 10);

        using var other = new Run { Seed = 1 };
        other.Play(Sample);
        Assert.NotEqual(Files(first), Files(other));
    }

    [Fact]
    public void Any_bytes_come_out_among_the_bad_rows_as_they_went_in()
    {
        byte[][] lines =
        [
            [0xf3, 0x89, 0x9a, 0xc2, .. "as a pack begins"u8],
            [0xff, 0xfe, 0x00],
            "not json\r"u8.ToArray(),
            [0xef, 0xbb, 0xbf, .. "{}"u8],
            [0],
        ];
        using var run = new Run();
        var summary = run.Play([.. lines.SelectMany(line => (byte[])[.. line, (byte)'\n'])]);
        Assert.Equal(new AccountingSummary(0, lines.Length, 0, 0, 0, true), summary.Accounting);
        Assert.Equal(
            lines.Select(Convert.ToHexString).Order(),
            BadRows(run).Select(row => Convert.ToHexString(row.GetProperty("payload").GetBytesFromBase64())).Order());
    }

    [Fact]
    public void An_oversize_line_is_a_bad_row_that_names_its_object()
    {
        using var run = new Run();
        var large = new byte[2_000_000];
        large.AsSpan().Fill((byte)'x');
        var summary = run.Play([.. Run.Sample(1), .. large]);
        Assert.Equal(new AccountingSummary(1, 1, 0, 0, 0, true), summary.Accounting);
        Assert.Equal(Oversize.Key(large), Assert.Single(BadRows(run)).GetProperty("payloadRef").GetString());
        Assert.Equal(large, File.ReadAllBytes(run.Folder.File(Oversize.Key(large))));
    }

    [Fact]
    public void A_packed_input_that_breaks_off_is_played_up_to_there_and_balances()
    {
        using var run = new Run();
        var packed = LineSourceTests.Gzip(Sample);
        var summary = run.Play(packed[..(packed.Length * 3 / 4)], name: "in.gz");
        Assert.InRange(summary.Input.Lines, Lines / 2, Lines - 1);
        Assert.True(summary.Accounting.Balanced);
        Assert.Equal(0, summary.Accounting.InFlight);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \t\r\n\n")]
    public void Input_without_a_line_balances(string text)
    {
        using var run = new Run();
        var summary = run.Play(Encoding.UTF8.GetBytes(text));
        Assert.Equal(new AccountingSummary(0, 0, 0, 0, 0, true), summary.Accounting);
        Assert.Equal(new InputSummary(0, text.Length), summary.Input);
    }

    private static LambdaFunction Broken(
        IReadOnlyDictionary<string, string> environment, Ports ports, TimeProvider time) =>
        new("Broken", (_, _) => throw new InvalidOperationException("broken"));

    private static List<string> ArchivedLines(Run run) => [.. LinesBelow(run, "archive/")];

    private static IEnumerable<JsonElement> BadRows(Run run) =>
        LinesBelow(run, "rejected/").Select(line => JsonDocument.Parse(line).RootElement);

    private static IEnumerable<string> LinesBelow(Run run, string prefix) =>
        run.Folder.Files(prefix).Values.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static (string, string?, string?) Identity(string line)
    {
        var bytes = Encoding.Latin1.GetBytes(line);
        var @event = JsonDocument.Parse(bytes).RootElement;
        return (
            PartitionKeyRule.KeyOf(bytes),
            @event.GetProperty("source").GetString(),
            @event.GetProperty("id").GetString());
    }

    /// <summary>All files of a run, the wall-clock figures of its summary apart.</summary>
    private static SortedDictionary<string, string> Files(Run run)
    {
        var files = run.Folder.Files();
        files["summary.json"] = WallFigures().Replace(files["summary.json"], "");
        return files;
    }

    [GeneratedRegex("\"(wallSeconds|eventsPerSecond)\": [^,\n]*", RegexOptions.ExplicitCapture)]
    private static partial Regex WallFigures();

    /// <summary>Every other batch that is done comes again.</summary>
    private sealed class RedeliversBatches(string function) : Faults
    {
        private bool _again;

        public override bool OnBatchDone(string name) => name == function && (_again = !_again);
    }
}
