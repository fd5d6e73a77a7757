using System.CommandLine;

namespace Pipeline.Cli;

/// <summary>The <c>pipeline</c> command: a list of its subcommands.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var root = new RootCommand("An event pipeline for AWS that loses nothing, and runs on one machine.");
        return root.Parse(arguments).Invoke();
    }
}
