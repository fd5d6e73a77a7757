using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml;
using Pipeline.Core;
using Pipeline.Core.Json;

namespace Pipeline.Functions.Adapters;

/// <summary>
/// One JSON object of the configuration. Every member must be known; an error names file, pointer, what was found and
/// what is allowed.
/// </summary>
public sealed class ConfigFile
{
    private readonly string _name;
    private readonly JsonElement _root;

    private ConfigFile(string name, JsonElement root) => (_name, _root) = (name, root);

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
            return new ConfigFile(name, root.Clone());
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
                throw new ConfigurationException(
                    $"{_name}#/{Escaped(member.Name)}: unknown member; allowed are {string.Join(", ", names)}.");
            }
        }
    }

    /// <summary>A string member, or the default when it is missing.</summary>
    /// <exception cref="ConfigurationException">It is no string.</exception>
    public string Text(string name, string missing) =>
        !_root.TryGetProperty(name, out var value) ? missing
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(name, value, "a string");

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
                    _name, $"/{Escaped(name)}/{texts.Count}", $"found {Shown(element)}; allowed is {allowed}.");
            }
        }
        return texts;
    }

    /// <summary>The error of a member that is wrong.</summary>
    public ConfigurationException Wrong(string name, string allowed) => Wrong(name, _root.GetProperty(name), allowed);

    private ConfigurationException Wrong(string name, JsonElement found, string allowed) =>
        new($"{_name}#/{Escaped(name)}: found {Shown(found)}; allowed is {allowed}.");

    private static void RefuseTwins(string file, string pointer, JsonElement value)
    {
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
