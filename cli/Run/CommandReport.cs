using System.Globalization;
using Pipeline.Core.Commands;
using Pipeline.Engine;
using Spectre.Console;

namespace Pipeline.Cli.Run;

/// <summary>Says what became of the commands of a run, and how long each priority waited.</summary>
internal static class CommandReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(IAnsiConsole console, CommandSummary commands)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("Commands");
        foreach (var heading in new[] { "Executed", "Waited p50", "p99", "Longest" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }
        foreach (var priority in CommandPriorityNames.All)
        {
            var waiting = commands.WaitingSeconds[priority];
            table.AddRow(
                priority, RunReport.Number(waiting.Commands), Seconds(waiting.P50), Seconds(waiting.P99),
                Seconds(waiting.Max));
        }
        console.Write(table);
        var sum = $"{RunReport.Number(commands.Executed)} executed + {RunReport.Number(commands.Expired)} expired"
            + $" + {RunReport.Number(commands.DeadLettered)} dead-lettered"
            + $" + {RunReport.Number(commands.InFlight)} in flight";
        if (commands.Balanced)
        {
            console.MarkupLineInterpolated(
                $"{RunReport.Number(commands.Requested)} commands = {sum}: [green]balanced[/]");
        }
        else
        {
            console.MarkupLineInterpolated(
                $"{RunReport.Number(commands.Requested)} commands, but {sum}: [red]not balanced[/]");
        }
        var incidents = Count(commands.IncidentsOpened, "incident");
        var addresses = Count(commands.AddressesBlocked, "address", "addresses");
        var refused = Count(commands.Refused, "command");
        console.MarkupLineInterpolated($"{incidents} opened, {addresses} blocked, {refused} refused");
    }

    private static string Seconds(double seconds) => seconds.ToString("N1", CultureInfo.InvariantCulture) + " s";

    private static string Count(long count, string one, string? many = null) =>
        $"{RunReport.Number(count)} {(count == 1 ? one : many ?? one + "s")}";
}
