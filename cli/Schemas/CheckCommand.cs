using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Cli.Schemas;

/// <summary><c>pipeline schemas check</c>: whether schemas are sound, and changes backward compatible.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Terminal _terminal;

    private readonly Option<string> _schemas = new("--schemas")
    {
        Description = "The folder of the schemas. Default: functions/config/schemas.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine("functions", "config", "schemas"),
    };

    private readonly Option<string?> _against = new("--against")
    {
        Description = "The folder as it was before: every event valid then must be valid now.",
        HelpName = "DIR",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Writes the answer as JSON." };

    /// <param name="terminal">Takes the answer.</param>
    public CheckCommand(Terminal terminal)
        : base("check", "Checks schemas, and that minor versions and changes are backward compatible.")
    {
        _terminal = terminal;
        Options.Add(_schemas);
        Options.Add(_against);
        Options.Add(_json);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        try
        {
            var schemas = SchemaFolder.Read(parsed.GetValue(_schemas)!);
            var findings = Minors(schemas);
            if (parsed.GetValue(_against) is { } against)
            {
                findings.AddRange(Changes(SchemaFolder.Read(against), schemas));
            }
            if (parsed.GetValue(_json))
            {
                WriteJson(schemas, findings);
            }
            else
            {
                WriteText(schemas, findings);
            }
            return findings.Any(finding => finding.IsBreaking) ? Terminal.Failed : 0;
        }
        catch (Exception fault) when (fault is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return _terminal.Fail(fault.Message);
        }
    }

    // Within a major version, each minor one must allow what its predecessor allowed.
    private static List<SchemaFinding> Minors(SchemaFolder schemas)
    {
        var findings = new List<SchemaFinding>();
        var versions = schemas.Files.Where(file => file.Key.Version is not null)
            .GroupBy(file => (file.Key.Type, file.Key.Version!.Value.Major))
            .OrderBy(group => group.Key.Type, StringComparer.Ordinal).ThenBy(group => group.Key.Major);
        foreach (var group in versions)
        {
            var ordered = group.OrderBy(file => file.Key.Version).Select(file => file.Value).ToArray();
            for (var index = 1; index < ordered.Length; index++)
            {
                findings.AddRange(SchemaComparison.Compare(ordered[index - 1], ordered[index]));
            }
        }
        return findings;
    }

    private static IEnumerable<SchemaFinding> Changes(SchemaFolder before, SchemaFolder now) =>
        before.Files
            .OrderBy(file => file.Value.Path, StringComparer.Ordinal)
            .SelectMany(file => now.Files.TryGetValue(file.Key, out var changed)
                ? SchemaComparison.Compare(file.Value, changed)
                : [new SchemaFinding(file.Value.Path, "", IsBreaking: true, "the schema is gone")]);

    private void WriteText(SchemaFolder schemas, List<SchemaFinding> findings)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            var place = finding.Pointer.Length > 0 ? $"{finding.File}#{finding.Pointer}" : finding.File;
            var kind = finding.IsBreaking ? "breaking" : "note";
            text.Append(CultureInfo.InvariantCulture, $"{place}: {kind}: {finding.Message}.\n");
        }
        var breaking = findings.Count(finding => finding.IsBreaking);
        var notes = findings.Count - breaking;
        text.Append(
            CultureInfo.InvariantCulture,
            $"{schemas.Files.Count} schemas are sound; breaking changes: {breaking}, notes: {notes}.\n");
        _terminal.Output.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void WriteJson(SchemaFolder schemas, List<SchemaFinding> findings)
    {
        using (var writer = new Utf8JsonWriter(_terminal.Output))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schemas", schemas.Files.Count);
            writer.WriteBoolean("compatible", !findings.Any(finding => finding.IsBreaking));
            writer.WriteStartArray("findings");
            foreach (var finding in findings)
            {
                writer.WriteStartObject();
                writer.WriteString("file", finding.File);
                writer.WriteString("pointer", finding.Pointer);
                writer.WriteBoolean("breaking", finding.IsBreaking);
                writer.WriteString("message", finding.Message);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        _terminal.Output.Write("\n"u8);
    }
}
