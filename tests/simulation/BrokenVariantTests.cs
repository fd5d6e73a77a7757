using System.Text.Json.Nodes;
using Pipeline.Functions;
using Xunit;

namespace Pipeline.Tests.Simulations;

/// <summary>The simulation sees what it is there for: each way to be wrong is caught within a hundred seeds.</summary>
public sealed class BrokenVariantTests
{
    private const int SeedsMax = 100;

    private const string Stored = "A record is checkpointed only when everything of it is stored.";
    private const string Ordered = "The first copies of a key's events keep the order of their arrival.";

    [Fact]
    public void A_report_before_the_flush_is_caught() =>
        IsCaught(BrokenPorts.Break((ports, time) => new ReportsBeforeFlush(ports, time)), null, Stored);

    [Fact]
    public void A_slot_in_the_wrong_order_is_caught() =>
        IsCaught(BrokenPorts.Break((ports, _) => new PutsLastFirst(ports)), null, Ordered);

    [Fact]
    public void A_resend_behind_accepted_entries_is_caught() =>
        IsCaught(BrokenPorts.Break((ports, _) => new ResendsBehindAccepted(ports)), null, Ordered);

    [Theory]
    [InlineData("Validate")]
    [InlineData("Enrich")]
    public void Progress_past_a_record_that_failed_is_caught(string function) =>
        IsCaught(BrokenReports.SkipTheFailed(function), null, Stored);

    [Fact]
    public void Bad_rows_under_a_shared_name_are_caught() =>
        IsCaught(
            BrokenPorts.Break((ports, _) => new SharesBadRowNames(ports)), null, "Bad rows are never overwritten.");

    [Fact]
    public void Bad_rows_that_are_not_stored_are_caught() =>
        IsCaught(BrokenPorts.Break((ports, _) => new StoresNoBadRows(ports)), null, Stored);

    [Fact]
    public void A_command_whose_record_is_ignored_is_caught() =>
        IsCaught(BrokenPorts.Break((ports, _) => new IgnoresExecutionRecords(ports)), null);

    [Fact]
    public void A_message_deleted_before_its_command_was_carried_out_is_caught() =>
        IsCaught(BrokenReports.DeleteUnexecuted("Execute"), null, "The commands balance.");

    [Theory]
    [InlineData("Validate")]
    [InlineData("Enrich")]
    public void Batches_in_swapped_order_are_caught(string function) =>
        IsCaught(BrokenReports.SwapBatches(function), null, Stored, Ordered);

    [Fact]
    public void A_batch_given_up_without_a_trace_is_caught() => IsCaught(
        Catalogue.Find,
        resources =>
        {
            foreach (var name in new[] { "ValidateMapping", "EnrichMapping" })
            {
                var mapping = resources[name]!["Properties"]!.AsObject();
                mapping["MaximumRetryAttempts"] = 1;
                mapping.Remove("DestinationConfig");
            }
        },
        Stored);

    [Fact]
    public void An_archive_that_starts_after_its_first_events_is_caught() => IsCaught(
        Catalogue.Find, resources => resources["EnrichMapping"]!.AsObject().Remove("DependsOn"),
        "The accounting balances.");

    /// <param name="laws">The laws that may be the first found broken; none for any.</param>
    private static void IsCaught(Func<string, Compose> functions, Action<JsonObject>? change, params string[] laws)
    {
        using var simulations = new Simulations(functions, change);
        var caught = Enumerable.Range(0, SeedsMax).Select(simulations.Play).FirstOrDefault(result => !result.Holds);
        Assert.True(caught is not null, $"{SeedsMax} seeds hold.");
        Assert.True(laws is [] || laws.Contains(caught.Law), $"Seed {caught.Plan.Seed}: {caught.Law} {caught.Found}");
    }
}
