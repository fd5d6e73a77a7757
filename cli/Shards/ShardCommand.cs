using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Arguments;
using Pipeline.Cli.Run;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;

namespace Pipeline.Cli.Shards;

/// <summary>One of the commands on shards: changes them, or does not, and shows what there is then.</summary>
internal sealed class ShardCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Func<ParseResult, ReshardStep?> _step;
    private readonly Argument<string> _stream = new("STREAM") { Description = "The stream, such as Enriched." };

    private readonly Option<string?> _output = BoundedOption.Path(
        "--output", "DIR", "The output directory of a run that came to its end. Default: out.");

    private readonly Option<bool> _json = new("--json") { Description = "Prints the shards as JSON." };

    /// <param name="step">What is done with the stream; null to only look.</param>
    public ShardCommand(Terminal terminal, string name, string description, Func<ParseResult, ReshardStep?> step)
        : base(name, description)
    {
        (_terminal, _step) = (terminal, step);
        Arguments.Add(_stream);
        Options.Add(_output);
        Options.Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var output = parsed.GetValue(_output) ?? "out";
        try
        {
            using var directory = OutputDirectory.Resume(
                output, out var state, "so there are no shards to show or to change; name another with --output");
            var files = new EngineFiles(output);
            var saved = new SavedResharding(state, files);
            var stream = saved.Open(parsed.GetValue(_stream)!);
            if (_step(parsed) is { } step)
            {
                saved.Perform(stream, step with { Stream = stream.Name }).Save(files);
            }
            Show(stream, parsed.GetValue(_json));
            return 0;
        }
        catch (ServiceException refused)
        {
            return _terminal.Fail($"nothing was changed: {refused.Reason} ({refused.Code})");
        }
        catch (Exception error) when (error is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return _terminal.Fail(error.Message);
        }
    }

    private void Show(DataStream stream, bool json)
    {
        var shards = stream.Shards.Where(shard => !stream.IsExpired(shard)).Select(ShardRow.Of).ToList();
        if (json)
        {
            JsonSerializer.Serialize(_terminal.Output, shards);
            _terminal.Output.Write("\n"u8);
        }
        else
        {
            ShardTable.Write(_terminal, shards);
        }
    }
}
