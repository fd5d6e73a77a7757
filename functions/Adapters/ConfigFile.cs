using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Core.Json;

namespace Pipeline.Functions.Adapters;

/// <summary>
/// One JSON object of the configuration: a file, or an object in it. Every member must be known; an error names file,
/// pointer, what was found and what is allowed.
/// </summary>
public sealed class ConfigFile
{
    /// <summary>Longest name of a rule or command, in characters.</summary>
    public const int NameCharactersMax = Command.NameCharactersMax;

    /// <summary>Most objects of a list: rules that are all asked of every event.</summary>
    public const int ObjectsMax = 1000;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string _pointer;
    private readonly JsonElement _root;

    private ConfigFile(string file, string pointer, JsonElement root) =>
        (File, _pointer, _root) = (file, pointer, root);

    /// <summary>The file as its user knows it.</summary>
    public string File { get; }

    /// <summary>Parses a file.</summary>
    /// <exception cref="ConfigurationException">
    /// It is not one JSON object, or names a member of an object twice.
    /// </exception>
    public static ConfigFile Parse(string name, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new ConfigurationException($"{name}: found {Shown(root)}; allowed is an object.");
            }
            RefuseTwins(name, "", root);
            return new ConfigFile(name, "", root.Clone());
        }
        catch (InvalidOperationException)
        {
            throw new ConfigurationException($"{name}: a string holds a lone surrogate; allowed is Unicode text.");
        }
        catch (JsonException error)
        {
            throw new ConfigurationException(
                $"{name}, line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: not JSON"
                + $" ({error.Message.Split('.')[0]}).",
                error);
        }
    }

    /// <summary>Refuses members other than these.</summary>
    /// <exception cref="ConfigurationException">There is another one.</exception>
    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        foreach (var member in _root.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw Mistake(member.Name, $"unknown member; allowed are {string.Join(", ", names)}.");
            }
        }
    }

    /// <summary>A string member, or the default when it is missing.</summary>
    /// <exception cref="ConfigurationException">It is no string.</exception>
    public string Text(string name, string missing) =>
        !_root.TryGetProperty(name, out var value) ? missing
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(name, value, "a string");

    /// <summary>A name of a rule or command, which must be there.</summary>
    /// <exception cref="ConfigurationException">
    /// It is missing, or not 1 to <see cref="NameCharactersMax"/> of <c>a-z0-9-</c>.
    /// </exception>
    public string Name(string name)
    {
        const string allowed = "a name: 1 to 64 of a-z, 0-9 and -";
        var value = Required(name, allowed);
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return text.Length is >= 1 and <= NameCharactersMax && !text.AsSpan().ContainsAnyExcept(NameCharacters)
            ? text
            : throw Wrong(name, value, allowed);
    }

    /// <summary>An EventBridge pattern, which must be there.</summary>
    /// <exception cref="ConfigurationException">It is missing or no pattern.</exception>
    public EventPattern Pattern(string name)
    {
        var value = Required(name, "a pattern: an object");
        var bytes = JsonMarshal.GetRawUtf8Value(value).ToArray();
        return EventPattern.Compile(File, bytes, $"{_pointer}/{Escaped(name)}");
    }

    /// <summary>The objects of a list, which must be there; it may be empty.</summary>
    /// <exception cref="ConfigurationException">
    /// It is missing, no array, has an element that is no object, or more than <see cref="ObjectsMax"/>.
    /// </exception>
    public IReadOnlyList<ConfigFile> Objects(string name)
    {
        const string allowed = "an array of objects";
        var value = Required(name, allowed);
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, value, allowed);
        }
        if (value.GetArrayLength() > ObjectsMax)
        {
            throw Mistake(name, string.Create(
                CultureInfo.InvariantCulture, $"found {value.GetArrayLength()} elements; allowed are {ObjectsMax}."));
        }
        var objects = new List<ConfigFile>();
        foreach (var element in value.EnumerateArray())
        {
            var pointer = string.Create(
                CultureInfo.InvariantCulture, $"{_pointer}/{Escaped(name)}/{objects.Count}");
            objects.Add(element.ValueKind == JsonValueKind.Object
                ? new ConfigFile(File, pointer, element)
                : throw new ConfigurationException(File, pointer, $"found {Shown(element)}; allowed is an object."));
        }
        return objects;
    }

    /// <summary>A member as it is, and its JSON pointer; null when it is missing.</summary>
    public JsonElement? Find(string name, out string pointer)
    {
        pointer = $"{_pointer}/{Escaped(name)}";
        return _root.TryGetProperty(name, out var value) ? value : null;
    }

    /// <summary>One of a few words, which must be there.</summary>
    /// <exception cref="ConfigurationException">It is missing or none of them.</exception>
    public int RequiredChoice(string name, params string[] words)
    {
        Required(name, string.Join(" or ", words));
        return Choice(name, words);
    }

    /// <summary>One of a few words, or the first when it is missing.</summary>
    /// <exception cref="ConfigurationException">It is none of them.</exception>
    public int Choice(string name, params string[] words)
    {
        var index = !_root.TryGetProperty(name, out var value) ? 0
            : value.ValueKind == JsonValueKind.String ? Array.IndexOf(words, value.GetString())
            : -1;
        return index >= 0 ? index : throw Wrong(name, value, string.Join(" or ", words));
    }

    /// <summary>A duration (ISO 8601, such as <c>PT1M</c>), or the default when it is missing.</summary>
    /// <exception cref="ConfigurationException">It is no duration within the bounds.</exception>
    public TimeSpan Duration(string name, TimeSpan missing, TimeSpan max) =>
        OptionalDuration(name, max) ?? missing;

    /// <summary>A duration, or null when it is missing or null.</summary>
    /// <exception cref="ConfigurationException">It is no duration within the bounds.</exception>
    public TimeSpan? OptionalDuration(string name, TimeSpan max)
    {
        if (!_root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        try
        {
            var duration = value.ValueKind == JsonValueKind.String
                ? XmlConvert.ToTimeSpan(value.GetString()!)
                : TimeSpan.MinValue;
            if (duration >= TimeSpan.Zero && duration <= max)
            {
                return duration;
            }
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            // Said below, with what is allowed.
        }
        throw Wrong(name, value, $"a duration from PT0S to {XmlConvert.ToString(max)}, such as PT1M");
    }

    /// <summary>A whole number, or the default when it is missing.</summary>
    /// <exception cref="ConfigurationException">It is no whole number within the bounds.</exception>
    public int Integer(string name, int missing, int min, int max) =>
        !_root.TryGetProperty(name, out var value) ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max
            ? number
        : throw Wrong(name, value, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));

    /// <summary>An array of strings, each as <paramref name="parse"/> reads it; empty when it is missing.</summary>
    /// <param name="parse">The text's meaning; a <see cref="FormatException"/> when it has none.</param>
    /// <exception cref="ConfigurationException">It is no array, or an element is none of what is allowed.</exception>
    public IReadOnlyList<T> Texts<T>(string name, Func<string, T> parse, string allowed)
    {
        if (!_root.TryGetProperty(name, out var value))
        {
            return [];
        }
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, value, "an array of strings");
        }
        var texts = new List<T>();
        foreach (var element in value.EnumerateArray())
        {
            try
            {
                texts.Add(parse(element.ValueKind == JsonValueKind.String ? element.GetString()! : ""));
            }
            catch (FormatException)
            {
                throw new ConfigurationException(
                    File,
                    $"{_pointer}/{Escaped(name)}/{texts.Count}",
                    $"found {Shown(element)}; allowed is {allowed}.");
            }
        }
        return texts;
    }

    /// <summary>The error of a member that is wrong.</summary>
    public ConfigurationException Wrong(string name, string allowed) => Wrong(name, _root.GetProperty(name), allowed);

    /// <summary>An error at a member: where, and the problem in a sentence.</summary>
    public ConfigurationException Mistake(string name, string problem) =>
        new(File, $"{_pointer}/{Escaped(name)}", problem);

    private ConfigurationException Wrong(string name, JsonElement found, string allowed) =>
        Mistake(name, $"found {Shown(found)}; allowed is {allowed}.");

    private JsonElement Required(string name, string allowed) =>
        _root.TryGetProperty(name, out var value)
            ? value
            : throw new ConfigurationException(File, _pointer, $"the member {name} is missing; it must be {allowed}.");

    private static void RefuseTwins(string file, string pointer, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            // Throws when it is no Unicode text, which the parser does not see.
            value.GetString();
        }
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                RefuseTwins(file, $"{pointer}/{index++}", item);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                var place = $"{pointer}/{Escaped(member.Name)}";
                if (!names.Add(member.Name))
                {
                    throw new ConfigurationException(
                        file, place, "the object has a member of that name already; allowed is each member once.");
                }
                RefuseTwins(file, place, member.Value);
            }
        }
    }

    private static string Shown(JsonElement value) => JsonText.Excerpt(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>A name as a JSON pointer writes it (RFC 6901).</summary>
    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
