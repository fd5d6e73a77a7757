using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Json;

namespace Pipeline.Cli.Schemas;

/// <summary>What the values seen at one place have in common.</summary>
internal sealed class SchemaGuess
{
    // So few texts, each seen so often, are taken for all that there are.
    private const int WordsMax = 8;
    private const int WordRepeatsMin = 10;
    private const int WordLengthMax = 64;

    // Formats that texts have on purpose rather than by chance.
    private static readonly string[] Formats = ["date-time", "date", "ipv4", "ipv6", "uuid", "email"];

    private readonly SortedDictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SchemaGuess> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly List<string> _formats = [.. Formats];
    private SchemaGuess? _elements;
    private long _count;

    /// <summary>How schemas are written: indented, as UTF-8 without needless escapes.</summary>
    internal static JsonWriterOptions Format { get; } =
        new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Takes another value into account.</summary>
    internal void Add(JsonElement value)
    {
        _count++;
        var kind = KindOf(value);
        _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _members.TryAdd(member.Name, new SchemaGuess());
                    _members[member.Name].Add(member.Value);
                }
                break;
            case JsonValueKind.Array:
                _elements ??= new SchemaGuess();
                foreach (var element in value.EnumerateArray())
                {
                    _elements.Add(element);
                }
                break;
            case JsonValueKind.String:
                AddText(value.GetString()!);
                break;
            default:
                break;
        }
    }

    /// <summary>Writes the schema of a type.</summary>
    internal void WriteDocument(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        writer.WriteString("title", type);
        WriteKeywords(writer);
        writer.WriteEndObject();
    }

    private void AddText(string text)
    {
        if (_words.Count <= WordsMax)
        {
            _words.Add(text);
        }
        var utf8 = Encoding.UTF8.GetBytes(text);
        _formats.RemoveAll(format => !TextFormats.Is(TextFormats.ByName[format], utf8));
    }

    private void WriteKeywords(Utf8JsonWriter writer)
    {
        WriteType(writer);
        var texts = _kinds.GetValueOrDefault("string");
        var isWords = texts == _count && _words.Count <= WordsMax && texts >= _words.Count * WordRepeatsMin
            && _words.All(word => word.Length <= WordLengthMax);
        if (texts > 0 && _formats.Count > 0)
        {
            writer.WriteString("format", _formats[0]);
        }
        else if (texts > 0 && isWords)
        {
            writer.WriteStartArray("enum");
            foreach (var word in _words.Order(StringComparer.Ordinal))
            {
                writer.WriteStringValue(word);
            }
            writer.WriteEndArray();
        }
        if (_members.Count > 0)
        {
            WriteMembers(writer);
        }
        if (_elements is { _count: > 0 })
        {
            writer.WriteStartObject("items");
            _elements.WriteKeywords(writer);
            writer.WriteEndObject();
        }
    }

    private void WriteType(Utf8JsonWriter writer)
    {
        var types = _kinds.Keys.Where(kind => kind != "integer" || !_kinds.ContainsKey("number")).ToArray();
        if (types.Length == 1)
        {
            writer.WriteString("type", types[0]);
            return;
        }
        writer.WriteStartArray("type");
        foreach (var type in types)
        {
            writer.WriteStringValue(type);
        }
        writer.WriteEndArray();
    }

    private void WriteMembers(Utf8JsonWriter writer)
    {
        var objects = _kinds["object"];
        var required = _members.Where(member => member.Value._count == objects).Select(member => member.Key).ToArray();
        if (required.Length > 0)
        {
            writer.WriteStartArray("required");
            foreach (var name in required)
            {
                writer.WriteStringValue(name);
            }
            writer.WriteEndArray();
        }
        writer.WriteBoolean("additionalProperties", true);
        writer.WriteStartObject("properties");
        foreach (var (name, guess) in _members)
        {
            writer.WriteStartObject(name);
            guess.WriteKeywords(writer);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number =>
            new JsonNumber(Encoding.UTF8.GetBytes(value.GetRawText())).IsInteger ? "integer" : "number",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
