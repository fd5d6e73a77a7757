using System.CommandLine;
using Pipeline.Cli.Arguments;
using Pipeline.Core;

namespace Pipeline.Cli.Run;

/// <summary>The options by which a command runs functions as processes of their own.</summary>
internal sealed class IsolationArguments
{
    private readonly Option<bool> _isolated = new("--isolated")
    {
        Description = "Run functions as on Lambda: each a process of its own, published before.",
    };

    private readonly Option<string?> _artifact = BoundedOption.Path(
        "--artifact", "DIR", "With --isolated: the published functions, instead of publishing them.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_isolated);
        command.Options.Add(_artifact);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_artifact) is not null && !result.GetValue(_isolated))
            {
                result.AddError("--artifact goes with --isolated.");
            }
        });
    }

    /// <summary>Whether functions are processes of their own.</summary>
    public bool IsIsolated(ParseResult parsed) => parsed.GetValue(_isolated);

    /// <summary>The folder that holds the published functions; null to publish them first.</summary>
    public string? Artifact(ParseResult parsed) => parsed.GetValue(_artifact);

    /// <summary>Finds or publishes the functions; null when they run in this process.</summary>
    /// <exception cref="ConfigurationException">There are none.</exception>
    public IsolatedRun? Begin(ParseResult parsed, TextWriter log) =>
        IsIsolated(parsed) ? IsolatedRun.Begin(Artifact(parsed), log) : null;
}
