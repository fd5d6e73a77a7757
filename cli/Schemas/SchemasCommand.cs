using System.CommandLine;

namespace Pipeline.Cli.Schemas;

/// <summary><c>pipeline schemas</c>: what helps to write and to change the schemas of events.</summary>
internal sealed class SchemasCommand : Command
{
    /// <param name="terminal">Where results and errors go.</param>
    public SchemasCommand(Terminal terminal)
        : base("schemas", "Checks the schemas of events, and proposes new ones.")
    {
        Subcommands.Add(new CheckCommand(terminal));
        Subcommands.Add(new InferCommand(terminal));
    }
}
