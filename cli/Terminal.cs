namespace Pipeline.Cli;

/// <summary>Where a command writes to.</summary>
/// <param name="Output">Standard output: results, and nothing else.</param>
/// <param name="Error">Standard error: the one sentence that says what went wrong, and progress.</param>
/// <param name="Interactive">Whether someone watches standard error, so that progress is welcome.</param>
public sealed record Terminal(Stream Output, TextWriter Error, bool Interactive)
{
    /// <summary>Opens standard input.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>Whether someone reads standard output as it comes, so that colours are welcome.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>A command failed.</summary>
    public const int Failed = 1;

    /// <summary>A command was called in a way that it does not understand.</summary>
    public const int WrongUsage = 2;

    /// <summary>Says in one sentence why a command failed, and answers its exit code.</summary>
    public int Fail(string sentence)
    {
        Error.WriteLine($"pipeline: {sentence}");
        return Failed;
    }
}
