using System.CommandLine;
using System.CommandLine.Invocation;
using Pipeline.Cli.Generate;
using Pipeline.Cli.Invoke;
using Pipeline.Cli.Pattern;
using Pipeline.Cli.Run;
using Pipeline.Cli.Schemas;
using Pipeline.Cli.Shards;
using Pipeline.Cli.Simulate;

namespace Pipeline.Cli;

/// <summary>The <c>pipeline</c> command: a list of its subcommands.</summary>
public static class Program
{
    /// <summary>Runs one command line.</summary>
    /// <returns>
    /// 0 when all went well, 1 when the command failed, 2 when it was called wrongly; standard error says why.
    /// </returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = new RootCommand("An event pipeline for AWS that loses nothing, and runs on one machine.")
        {
            new RunCommand(terminal),
            new InvokeCommand(terminal),
            new ShardsCommand(terminal),
            new GenerateCommand(terminal),
            new SchemasCommand(terminal),
            new PatternCommand(terminal),
            new SimulateCommand(terminal),
        };

        // Response files are off: a file may well be called `@events`.
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageError(parsed) is string sentence)
        {
            terminal.Error.WriteLine(sentence);
            return Terminal.WrongUsage;
        }

        using var text = new StreamWriter(terminal.Output, leaveOpen: true);
        return parsed.Invoke(new InvocationConfiguration { Output = text, Error = terminal.Error });
    }

    private static int Main(string[] arguments)
    {
        using Stream output = Console.OpenStandardOutput();
        return Run(arguments, new Terminal(output, Console.Error, Interactive: !Console.IsErrorRedirected)
        {
            OutputIsTerminal = !Console.IsOutputRedirected,
        });
    }

    /// <summary>What is wrong with a command line, as a sentence; null when it can be invoked.</summary>
    private static string? UsageError(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string name = FullName(command);
        if (parsed.UnmatchedTokens is [string token, ..])
        {
            string kind = token.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return $"{name}: there is no {kind} '{token}'; {name} --help lists what there is.";
        }

        // An option such as --help has an action of its own, and it does not care what else is wrong.
        if (parsed.Errors.Count == 0 || parsed.Action is not (null or ParseErrorAction))
        {
            return null;
        }

        return command.Subcommands.Count > 0
            ? $"{name}: a command is missing; {name} --help lists them."
            : $"{name}: {parsed.Errors[0].Message}";
    }

    private static string FullName(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{FullName(parent)} {command.Name}"
            : "pipeline";
}
