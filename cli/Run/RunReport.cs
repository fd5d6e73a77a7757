using System.Globalization;
using System.Text;
using System.Xml;
using Pipeline.Engine;
using Pipeline.Engine.Template;
using Spectre.Console;

namespace Pipeline.Cli.Run;

/// <summary>Says what a run did: what went in, what came of it and why, where it lies.</summary>
internal sealed class RunReport(Terminal terminal)
{
    /// <summary>No line is cut when nobody's screen bounds it.</summary>
    private const int WidthWhenRedirected = 10_000;

    /// <summary>Writes the report.</summary>
    public void Write(RunOptions options, StackModel stack, EmbeddedEngine engine, RunSummary summary)
    {
        using var writer = new StreamWriter(terminal.Output, new UTF8Encoding(false), leaveOpen: true);
        var console = Console(writer);
        console.WriteLine(Headline(options, summary));
        console.Write(FunctionTable(stack, summary));
        WriteReasons(console, summary);
        WriteAccounting(console, summary);
        if (summary.Commands.Requested > 0)
        {
            CommandReport.Write(console, summary.Commands);
        }
        WriteNotes(console, stack, engine);
        console.WriteLine();
        console.WriteLine("Look at:");
        WritePlaces(console, options.Output, summary.Commands.Requested > 0);
    }

    private IAnsiConsole Console(StreamWriter writer)
    {
        var plain = !terminal.OutputIsTerminal;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        if (plain)
        {
            console.Profile.Width = WidthWhenRedirected;
        }
        return console;
    }

    private static string Headline(RunOptions options, RunSummary summary)
    {
        var from = options.Input switch
        {
            null => "what was left in the pipes",
            RunOptions.StandardInput => "standard input",
            var path => PathText.Shown(path),
        };
        var duration = XmlConvert.ToTimeSpan(summary.VirtualDuration);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Played {from}: {Words(duration)} of the pipeline's time in {summary.WallSeconds:N1} s,"
            + $" {summary.EventsPerSecond:N0} events/s.");
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
        var inOrder = stack.KinesisMappings.Select(mapping => mapping.Function.Function)
            .Concat(stack.QueueMappings.Select(mapping => mapping.Function.Function));
        foreach (var name in inOrder.Distinct())
        {
            var function = summary.Functions[name];
            table.AddRow(
                name, Number(function.Invocations), Number(function.Records), Number(function.Emitted),
                Number(function.Dropped.Values.Sum()), Number(function.Rejected.Values.Sum()),
                Number(function.Retries));
        }
        return table;
    }

    private static void WriteReasons(IAnsiConsole console, RunSummary summary)
    {
        foreach (var (name, function) in summary.Functions)
        {
            WriteReasons(console, $"{name} dropped", function.Dropped);
            WriteReasons(console, $"{name} rejected", function.Rejected);
        }
    }

    private static void WriteReasons(IAnsiConsole console, string what, SortedDictionary<string, long> reasons)
    {
        if (reasons.Count > 0)
        {
            var texts = reasons.OrderByDescending(reason => reason.Value)
                .Select(reason => $"{reason.Key} {Number(reason.Value)}");
            console.MarkupLineInterpolated($"{what}: {string.Join(", ", texts)}");
        }
    }

    private static void WriteAccounting(IAnsiConsole console, RunSummary summary)
    {
        var a = summary.Accounting;
        var sum = $"{Number(a.Archived)} archived + {Number(a.Rejected)} rejected"
            + $" + {Number(a.DeadLettered)} dead-lettered + {Number(a.InFlight)} in flight";
        if (a.Balanced)
        {
            console.MarkupLineInterpolated($"{Number(summary.Input.Lines)} lines = {sum}: [green]balanced[/]");
        }
        else
        {
            console.MarkupLineInterpolated($"{Number(summary.Input.Lines)} lines, but {sum}: [red]not balanced[/]");
        }
        var (repeats, copies) = (Number(summary.Duplicates), Number(a.Redelivered));
        console.MarkupLineInterpolated(
            $"{repeats} repeated events, archived as they came; {copies} copies by redelivery");
    }

    private static void WriteNotes(IAnsiConsole console, StackModel stack, EmbeddedEngine engine)
    {
        var sentences = engine.Functions.SelectMany(function => function.Counters.Sentences).Distinct();
        foreach (var note in sentences.Concat(stack.Warnings))
        {
            console.MarkupLineInterpolated($"[grey]{note}[/]");
        }
    }

    private static void WritePlaces(IAnsiConsole console, string output, bool hasCommands)
    {
        var places = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(3)).AddColumn();
        places.AddRow(Markup.Escape(Path.Combine(output, "archive")), "enriched events by day, NDJSON");
        places.AddRow(
            Markup.Escape(Path.Combine(output, "rejected")),
            "bad rows: the original bytes and everything wrong with them");
        if (hasCommands)
        {
            places.AddRow(
                Markup.Escape(Path.Combine(output, "commands")),
                "what became of each command; beside it incidents/, notifications/, blocklist.json");
        }
        places.AddRow(Markup.Escape(Path.Combine(output, "summary.json")), "these figures");
        console.Write(places);
    }

    private static string Words(TimeSpan duration)
    {
        var parts = new[] { ((int)duration.TotalHours, "h"), (duration.Minutes, "min"), (duration.Seconds, "s") };
        var words = string.Join(' ', parts.Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}"));
        return words.Length > 0 ? words : "0 s";
    }

    internal static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
