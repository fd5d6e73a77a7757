using System.Globalization;
using System.Text;
using Pipeline.Engine;
using Pipeline.Engine.Template;
using Spectre.Console;

namespace Pipeline.Cli.Run;

/// <summary>Says what a run did: what went in, what came of it, where it lies.</summary>
internal sealed class RunReport(Stream output)
{
    private const int WidthWhenUnknown = 100;

    /// <summary>Writes the report.</summary>
    public void Write(RunOptions options, StackModel stack, EmbeddedEngine engine, RunSummary summary)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthWhenUnknown;
        }
        console.Write(FunctionTable(stack, summary));
        WriteRejected(console, summary);
        WriteAccounting(console, summary);
        WriteSpeed(console, summary);
        foreach (var sentence in engine.Functions.SelectMany(f => f.Counters.Sentences).Distinct())
        {
            console.MarkupLineInterpolated($"[grey]{sentence}[/]");
        }
        foreach (var warning in stack.Warnings)
        {
            console.MarkupLineInterpolated($"[grey]{warning}[/]");
        }
        console.WriteLine();
        console.WriteLine($"Look at {Path.Combine(options.Output, "archive")}, {Path.Combine(options.Output, "rejected")} "
            + $"and {Path.Combine(options.Output, "summary.json")}.");
    }

    private static Table FunctionTable(StackModel stack, RunSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("Function");
        foreach (var heading in new[] { "Invocations", "Events in", "Emitted", "Dropped", "Rejected", "Retries" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }
        // In the order of the pipes, as the stack has them.
        foreach (var name in stack.KinesisMappings.Select(mapping => mapping.Function.Function).Distinct())
        {
            var function = summary.Functions[name];
            table.AddRow(
                name, Number(function.Invocations), Number(function.Records), Number(function.Emitted),
                Number(function.Dropped.Values.Sum()), Number(function.Rejected.Values.Sum()), Number(function.Retries));
        }
        return table;
    }

    private static void WriteRejected(IAnsiConsole console, RunSummary summary)
    {
        foreach (var (name, function) in summary.Functions.Where(f => f.Value.Rejected.Count > 0))
        {
            var reasons = string.Join(", ", function.Rejected.OrderByDescending(r => r.Value).Select(r => $"{r.Key} {Number(r.Value)}"));
            console.MarkupLineInterpolated($"{name} rejected: {reasons}");
        }
    }

    private static void WriteAccounting(IAnsiConsole console, RunSummary summary)
    {
        var a = summary.Accounting;
        console.MarkupLineInterpolated(
            $"{Number(summary.Input.Lines)} lines = {Number(a.Archived)} archived + {Number(a.Rejected)} rejected + {Number(a.DeadLettered)} dead-lettered + {Number(a.InFlight)} in flight:");
        console.MarkupLine(a.Balanced ? "[green]balanced[/]" : "[red]NOT balanced[/]");
        console.MarkupLineInterpolated(
            $"{Number(summary.Duplicates)} repeated events, archived as they came; {Number(a.Redelivered)} copies by redelivery");
    }

    private static void WriteSpeed(IAnsiConsole console, RunSummary summary) => console.MarkupLineInterpolated(
        CultureInfo.InvariantCulture,
        $"{summary.VirtualDuration} of the pipeline's time in {summary.WallSeconds:N1} s: {summary.EventsPerSecond:N0} events/s");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
