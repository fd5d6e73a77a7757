using System.CommandLine;
using Pipeline.Cli.Arguments;

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

    /// <summary>What was asked for; null for functions in this process.</summary>
    public IsolationRequest? Read(ParseResult parsed) =>
        parsed.GetValue(_isolated) ? new IsolationRequest(parsed.GetValue(_artifact)) : null;
}

/// <summary>Functions are to run as processes of their own.</summary>
/// <param name="Artifact">The folder that holds the published functions; null to publish them first.</param>
internal sealed record IsolationRequest(string? Artifact);
