using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Json;

namespace Pipeline.Functions.Route;

/// <summary>The arguments of a route's commands: JSON in which strings may be paths that an event fills in.</summary>
/// <remarks>
/// A string that begins with <c>$.</c> is a path (<see cref="DataPath"/>) behind these two characters; it stands for
/// the event's value there, JSON of any kind, and is left out with its name when the event has none. A string that
/// begins with <c>$$</c> stands for itself less one <c>$</c>. All else stands for itself. Immutable.
/// </remarks>
public sealed class ArgumentTemplate
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2 * Limits.EventDepthMax,
        SkipValidation = true,
    };

    private readonly Node _root;

    private ArgumentTemplate(Node root) => _root = root;

    /// <summary>Compiles a template.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="args">An object without twin members.</param>
    /// <param name="pointer">Where in the file it stands, as a JSON pointer.</param>
    /// <exception cref="ConfigurationException">A path is malformed.</exception>
    public static ArgumentTemplate Compile(string file, JsonElement args, string pointer) =>
        new(CompileNode(file, args, pointer));

    /// <summary>The arguments for an event: a JSON object, UTF-8.</summary>
    public ReadOnlyMemory<byte> Fill(in Event @event)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            _root.Write(json, @event, name: null);
        }
        return buffer.WrittenMemory;
    }

    private static Node CompileNode(string file, JsonElement value, string pointer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return new ObjectNode(
                    [.. value.EnumerateObject().Select(member => CompileMember(file, member, pointer))]);
            case JsonValueKind.Array:
                return new ArrayNode([.. value.EnumerateArray().Select((element, index) =>
                    CompileNode(file, element, FormattableString.Invariant($"{pointer}/{index}")))]);
            case JsonValueKind.String when value.GetString() is ['$', '.' or '$', ..] text:
                return text[1] == '$'
                    ? new LiteralNode(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text[1..], Plain.Encoder)}\""))
                    : new PathNode(ParsePath(file, text, pointer));
            default:
                return new LiteralNode(Encoding.UTF8.GetBytes(value.GetRawText()));
        }
    }

    private static (JsonEncodedText Name, Node Value) CompileMember(string file, JsonProperty member, string pointer)
    {
        var name = JsonEncodedText.Encode(member.Name, Plain.Encoder);
        var place = JsonPointer.Append(new StringBuilder(pointer), name.EncodedUtf8Bytes).ToString();
        return (name, CompileNode(file, member.Value, place));
    }

    private static DataPath ParsePath(string file, string text, string pointer) =>
        DataPath.TryParse(text[2..], out var path, out var problem)
            ? path!
            : throw new ConfigurationException(
                file, pointer, $"found \"{text}\": {problem}; a text that begins with '$.' is written with '$$.'.");

    /// <summary>A part of the template. It writes itself, below its name if it has one, or nothing at all.</summary>
    private abstract class Node
    {
        public abstract void Write(Utf8JsonWriter json, in Event @event, JsonEncodedText? name);

        protected static void WriteName(Utf8JsonWriter json, JsonEncodedText? name)
        {
            if (name is { } text)
            {
                json.WritePropertyName(text);
            }
        }
    }

    private sealed class LiteralNode(byte[] value) : Node
    {
        public override void Write(Utf8JsonWriter json, in Event @event, JsonEncodedText? name)
        {
            WriteName(json, name);
            json.WriteRawValue(value, skipInputValidation: true);
        }
    }

    private sealed class PathNode(DataPath path) : Node
    {
        public override void Write(Utf8JsonWriter json, in Event @event, JsonEncodedText? name)
        {
            if (path.TryFind(@event, out var found))
            {
                WriteName(json, name);
                json.WriteRawValue(found, skipInputValidation: true);
            }
        }
    }

    private sealed class ObjectNode((JsonEncodedText Name, Node Value)[] members) : Node
    {
        public override void Write(Utf8JsonWriter json, in Event @event, JsonEncodedText? name)
        {
            WriteName(json, name);
            json.WriteStartObject();
            foreach (var (member, value) in members)
            {
                value.Write(json, @event, member);
            }
            json.WriteEndObject();
        }
    }

    private sealed class ArrayNode(Node[] elements) : Node
    {
        public override void Write(Utf8JsonWriter json, in Event @event, JsonEncodedText? name)
        {
            WriteName(json, name);
            json.WriteStartArray();
            foreach (var element in elements)
            {
                element.Write(json, @event, name: null);
            }
            json.WriteEndArray();
        }
    }
}
