using System.CommandLine;

namespace Pipeline.Cli.Pattern;

/// <summary><c>pipeline pattern</c>: what helps to write patterns.</summary>
internal sealed class PatternCommand : Command
{
    public PatternCommand(Terminal terminal)
        : base("pattern", "Works with event patterns, the conditions of routes, filters and aggregates.")
    {
        Subcommands.Add(new PatternTestCommand(terminal));
    }
}
