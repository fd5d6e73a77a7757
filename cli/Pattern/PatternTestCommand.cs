using System.CommandLine;
using System.Text;
using System.Text.Json;
using Pipeline.Cli.Arguments;
using Pipeline.Core;

namespace Pipeline.Cli.Pattern;

/// <summary><c>pipeline pattern test</c>: says whether an event matches a pattern, and if not, why not.</summary>
internal sealed class PatternTestCommand : Command
{
    /// <summary>The event does not match.</summary>
    private const int NoMatch = 1;

    private readonly Terminal _terminal;

    private readonly Option<string> _pattern = new("--pattern")
    {
        HelpName = "FILE|JSON",
        Description = "The pattern: a file, or JSON that begins with '{'.",
        Required = true,
    };

    private readonly Option<string?> _event = BoundedOption.Path(
        "--event", "FILE", "A file with one event: a JSON object; its attributes are not checked.");

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the answer as JSON, alone on standard output.",
    };

    /// <param name="terminal">Takes the answer.</param>
    public PatternTestCommand(Terminal terminal)
        : base("test", "Says yes (exit 0) or no (exit 1) and, on no, which fields stand against it.")
    {
        _terminal = terminal;
        _event.Required = true;
        Options.Add(_pattern);
        Options.Add(_event);
        Options.Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        try
        {
            var pattern = ReadPattern(parsed.GetValue(_pattern)!);
            var file = parsed.GetValue(_event)!;
            var record = new Record(File.ReadAllBytes(file), default, default, DateTimeOffset.UnixEpoch);
            var errors = new EventErrors();

            // Which attributes an event must have is for Validate to say; here it only has to be readable.
            if (Event.Read(record, errors, out var @event) is not (null or RejectReason.InvalidEvent))
            {
                return _terminal.Fail(new ConfigurationException(file, errors[0].Pointer, errors[0].Message).Message);
            }
            var mismatches = pattern.Explain(@event);
            Write(mismatches, parsed.GetValue(_json));
            return mismatches.Count == 0 ? 0 : NoMatch;
        }
        catch (Exception error) when (error is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return _terminal.Fail(error.Message);
        }
    }

    private static EventPattern ReadPattern(string pattern) => pattern.AsSpan().TrimStart().StartsWith('{')
        ? EventPattern.Compile("--pattern", Encoding.UTF8.GetBytes(pattern))
        : EventPattern.Compile(pattern, File.ReadAllBytes(pattern));

    private void Write(IReadOnlyList<PatternMismatch> mismatches, bool isJson)
    {
        if (isJson)
        {
            WriteJson(mismatches);
            return;
        }
        using var text = new StreamWriter(_terminal.Output, leaveOpen: true);
        text.WriteLine(mismatches.Count == 0 ? "yes" : "no");
        foreach (var mismatch in mismatches)
        {
            text.WriteLine($"  {mismatch.Field}: wanted {mismatch.Wanted}, found {mismatch.Found}");
        }
    }

    private void WriteJson(IReadOnlyList<PatternMismatch> mismatches)
    {
        using var json = new Utf8JsonWriter(_terminal.Output);
        json.WriteStartObject();
        json.WriteBoolean("matches", mismatches.Count == 0);
        json.WriteStartArray("mismatches");
        foreach (var mismatch in mismatches)
        {
            json.WriteStartObject();
            json.WriteString("field", mismatch.Field);
            json.WriteString("wanted", mismatch.Wanted);
            json.WriteString("found", mismatch.Found);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
