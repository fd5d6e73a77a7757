using Pipeline.Engine.Feeding;

namespace Pipeline.Cli.Run;

/// <summary>What <c>pipeline run</c> was asked to do.</summary>
/// <param name="Input">
/// A file, a directory, or "-" for standard input; null to only drain what a run before left.
/// </param>
/// <param name="Output">The directory that stands for the data bucket.</param>
/// <param name="Template">The synthesized template.</param>
internal sealed record RunOptions(string? Input, string Output, string Template)
{
    /// <summary>The input that stands for standard input.</summary>
    public const string StandardInput = "-";

    public int Seed { get; init; }

    /// <summary>Shards of every stream; null keeps the template's.</summary>
    public int? Shards { get; init; }

    public Pace Pace { get; init; }

    /// <summary>The file that says when shards are split, merged and scaled; null for never.</summary>
    public string? Reshard { get; init; }

    /// <summary>Functions whose mappings are off.</summary>
    public IReadOnlyList<string> Disable { get; init; } = [];

    /// <summary>Go on in an output directory where a run before stopped.</summary>
    public bool Resume { get; init; }

    /// <summary>Run the functions as processes of their own; null for this process.</summary>
    public IsolationRequest? Isolation { get; init; }

    /// <summary>Print the summary as JSON and nothing else.</summary>
    public bool Json { get; init; }
}
