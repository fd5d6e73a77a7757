using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Cli.Schemas;

/// <summary><c>pipeline schemas infer</c>: proposes a schema for each event type of a file of events.</summary>
internal sealed class InferCommand : Command
{
    private readonly Terminal _terminal;

    private readonly Argument<string> _file = new("FILE") { Description = "Sample events, NDJSON." };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "The folder that gets a file for each type; none is replaced. Default: all to standard output.",
        HelpName = "DIR",
    };

    /// <param name="terminal">Takes the schemas unless <c>--output</c> names a folder.</param>
    public InferCommand(Terminal terminal)
        : base("infer", "Proposes a schema for each event type, from sample events: a start, to be read and mended.")
    {
        _terminal = terminal;
        Arguments.Add(_file);
        Options.Add(_output);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        try
        {
            var guesses = new SortedDictionary<string, SchemaGuess>(StringComparer.Ordinal);
            var skipped = Read(parsed.GetValue(_file)!, guesses);
            if (skipped > 0)
            {
                _terminal.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"pipeline: {skipped} lines are no events with a type and an object as data; they were left out."));
            }
            if (guesses.Count == 0)
            {
                return _terminal.Fail("there is no event to infer a schema from.");
            }
            return parsed.GetValue(_output) is { } folder ? WriteFiles(folder, guesses) : WriteAll(guesses);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return _terminal.Fail(fault.Message);
        }
    }

    // Answers how many lines were left out.
    private static long Read(string file, SortedDictionary<string, SchemaGuess> guesses)
    {
        var skipped = 0L;
        foreach (var line in File.ReadLines(file))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }
            try
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement is { ValueKind: JsonValueKind.Object } root
                    && root.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                    && root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object)
                {
                    guesses.TryAdd(type.GetString()!, new SchemaGuess());
                    guesses[type.GetString()!].Add(data);
                    continue;
                }
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                // Counted below: samples may well hold bad lines.
            }
            skipped++;
        }
        return skipped;
    }

    private int WriteAll(SortedDictionary<string, SchemaGuess> guesses)
    {
        using (var writer = new Utf8JsonWriter(_terminal.Output, SchemaGuess.Format))
        {
            writer.WriteStartObject();
            foreach (var (type, guess) in guesses)
            {
                writer.WritePropertyName(type);
                guess.WriteDocument(writer, type);
            }
            writer.WriteEndObject();
        }
        _terminal.Output.Write("\n"u8);
        return 0;
    }

    private int WriteFiles(string folder, SortedDictionary<string, SchemaGuess> guesses)
    {
        Directory.CreateDirectory(folder);
        foreach (var (type, guess) in guesses)
        {
            if (type.Length == 0 || type.IndexOfAny(['/', '\\', '\0']) >= 0)
            {
                return _terminal.Fail($"the type '{type}' cannot be the name of a file.");
            }
            using var stream = new FileStream(Path.Combine(folder, type + SchemaName.Suffix), FileMode.CreateNew);
            using (var writer = new Utf8JsonWriter(stream, SchemaGuess.Format))
            {
                guess.WriteDocument(writer, type);
            }
            stream.Write("\n"u8);
        }
        return 0;
    }
}
