using System.Text;
using Pipeline.Cli;

namespace Pipeline.Tests;

/// <summary>The <c>pipeline</c> command, run in this process.</summary>
internal static class CommandLine
{
    /// <summary>Runs it; what it printed, and how it ended.</summary>
    public static (int Exit, string Output, string Error) Run(params string[] arguments) => Run([], arguments);

    /// <inheritdoc cref="Run(string[])"/>
    /// <param name="input">Standard input.</param>
    public static (int Exit, string Output, string Error) Run(byte[] input, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var exit = Program.Run(arguments, new Terminal(output, error, Interactive: false)
        {
            Input = () => new MemoryStream(input),
        });
        return (exit, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
