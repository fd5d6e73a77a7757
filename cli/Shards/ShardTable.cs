using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Pipeline.Cli.Shards;

/// <summary>Shows shards as a table.</summary>
internal static class ShardTable
{
    /// <summary>No line is cut when nobody's screen bounds it.</summary>
    private const int WidthWhenRedirected = 10_000;

    public static void Write(Terminal terminal, IReadOnlyList<ShardRow> shards)
    {
        using var writer = new StreamWriter(terminal.Output, new UTF8Encoding(false), leaveOpen: true);
        var plain = !terminal.OutputIsTerminal;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        if (plain)
        {
            console.Profile.Width = WidthWhenRedirected;
        }
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("Shard", "State", "Parents");
        foreach (var heading in new[] { "First hash key", "Last hash key", "Records", "Bytes" })
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }
        foreach (var shard in shards)
        {
            table.AddRow(
                shard.ShardId, shard.State, string.Join(", ", shard.Parents), shard.StartingHashKey,
                shard.EndingHashKey, Number(shard.Records), Number(shard.Bytes));
        }
        console.Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
