using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Engine.Template;

/// <summary>
/// Reads the properties of an object and tells every problem with them. Each property is asked for once;
/// <see cref="Finish"/> tells those that nobody asked for.
/// </summary>
internal sealed class PropertyReader(Value.Map properties, Place place, Problems problems)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<string> _refused = [];

    /// <summary>Where the object is.</summary>
    public Place Place => place;

    /// <summary>Tells a problem with a property's value.</summary>
    public void Problem(string name, string found, string honoured) => problems.Add(place.Of(name), found, honoured);

    /// <summary>Whether the property is there.</summary>
    public bool Has(string name) => properties.Members.ContainsKey(name);

    /// <summary>A text; null when it is missing or not a text (told as a problem).</summary>
    public string? Text(string name)
    {
        var value = Get(name);
        if (value is Value.Scalar scalar)
        {
            return scalar.Text;
        }
        Mismatch(name, value, "a string");
        return null;
    }

    /// <summary>A text that must be there; null when it is not (told as a problem).</summary>
    public string? RequiredText(string name, string honoured = "a string")
    {
        var text = Text(name);
        if (text is null && !Has(name))
        {
            Problem(name, "nothing", honoured);
        }
        return text;
    }

    /// <summary>
    /// A whole number within bounds, both included; the default when it is missing or wrong (told as a problem).
    /// </summary>
    public int Whole(string name, int min, int max, int @default) => Number(name, min, max, none: false) ?? @default;

    /// <summary>A whole number within bounds; null when it is missing or wrong (told as a problem).</summary>
    public int? OptionalWhole(string name, int min, int max) => Number(name, min, max, none: false);

    /// <summary>As <see cref="OptionalWhole"/>, where -1 stands for no limit: null.</summary>
    public int? WholeOrNoLimit(string name, int min, int max) => Number(name, min, max, none: true);

    /// <summary>A whole number that must be there; <paramref name="min"/> when it is not (told as a problem).</summary>
    public int RequiredWhole(string name, int min, int max)
    {
        if (!Has(name))
        {
            Problem(name, "nothing", Range(min, max));
        }
        return Whole(name, min, max, min);
    }

    /// <summary>A boolean; the default when it is missing or wrong (told as a problem).</summary>
    public bool Flag(string name, bool @default)
    {
        var value = Get(name);
        if (value is Value.Scalar { Text: "true" or "false" } flag)
        {
            return flag.Text == "true";
        }
        Mismatch(name, value, "true, false");
        return @default;
    }

    /// <summary>The properties of an object; null when it is missing or no object (told as a problem).</summary>
    public PropertyReader? Object(string name)
    {
        var value = Get(name);
        if (value is Value.Map map)
        {
            return new PropertyReader(map, place.Of(name), problems);
        }
        Mismatch(name, value, "an object");
        return null;
    }

    /// <summary>As <see cref="Object"/>, but a missing object is told as a problem.</summary>
    public PropertyReader? RequiredObject(string name)
    {
        if (!Has(name))
        {
            Problem(name, "nothing", "an object");
        }
        return Object(name);
    }

    /// <summary>The members of an object as texts; empty when it is missing.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Object(name) is { } reader)
        {
            foreach (var key in reader.Names)
            {
                texts[key] = reader.Text(key) ?? "";
            }
        }
        return texts.AsReadOnly();
    }

    /// <summary>The objects of a list; none when it is missing.</summary>
    public IReadOnlyList<PropertyReader> Objects(string name)
    {
        var readers = new List<PropertyReader>();
        foreach (var (item, at) in Items(name))
        {
            if (item is Value.Map map)
            {
                readers.Add(new PropertyReader(map, at, problems));
            }
            else if (item != Value.Unknown)
            {
                problems.Add(at, item.Describe(), "an object");
            }
        }
        return readers;
    }

    /// <summary>Whether a list of texts, each of which must be the one honoured, has any.</summary>
    public bool Lists(string name, string honoured)
    {
        var items = Items(name);
        foreach (var (item, at) in items)
        {
            if (item != Value.Unknown && (item as Value.Scalar)?.Text != honoured)
            {
                problems.Add(at, item.Describe(), honoured);
            }
        }
        return items.Count > 0;
    }

    /// <summary>A physical name, which must have a form when it is given.</summary>
    public void Name(string name, Regex form, string honoured)
    {
        if (Text(name) is { } text && !form.IsMatch(text))
        {
            Problem(name, $"'{text}'", honoured);
        }
    }

    /// <summary>Takes a property that may be missing, but otherwise must have one of these values.</summary>
    public void Only(string name, params ReadOnlySpan<string> honoured)
    {
        if (Text(name) is { } text && !honoured.Contains(text))
        {
            Problem(name, Get(name).Describe(), string.Join(", ", honoured));
        }
    }

    /// <summary>Takes a property that must have this value.</summary>
    public void Exactly(string name, string honoured)
    {
        if (RequiredText(name, honoured) is not null)
        {
            Only(name, honoured);
        }
    }

    /// <summary>Leaves out properties that change nothing here, whatever they hold.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _asked.Add(name);
        }
    }

    /// <summary>Tells a property that the engine cannot honour, and why.</summary>
    public void Refuse(string name, string honoured)
    {
        _refused.Add(name);
        if (Get(name) is var value && value != Value.Absent)
        {
            Problem(name, value.Describe(), honoured);
        }
    }

    /// <summary>Tells the properties that the engine does not know.</summary>
    public void Finish()
    {
        foreach (var name in properties.Members.Keys.Where(name => !_asked.Contains(name)))
        {
            var known = string.Join(", ", _asked.Except(_refused).Order(StringComparer.Ordinal));
            Problem(name, "a property that the engine does not know", known);
        }
    }

    private IEnumerable<string> Names => properties.Members.Keys;

    private static string Range(int min, int max) =>
        max == int.MaxValue ? $"whole numbers from {min}" : $"whole numbers from {min} to {max}";

    private Value Get(string name)
    {
        _asked.Add(name);
        return properties.Members.GetValueOrDefault(name, Value.Absent);
    }

    private void Mismatch(string name, Value value, string honoured)
    {
        if (value != Value.Absent && value != Value.Unknown)
        {
            Problem(name, value.Describe(), honoured);
        }
    }

    private int? Number(string name, int min, int max, bool none)
    {
        var value = Get(name);
        if (value is Value.Scalar scalar
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            if (none && number == -1)
            {
                return null;
            }
            if (number >= min && number <= max)
            {
                return number;
            }
        }
        Mismatch(name, value, Range(min, max) + (none ? ", or -1 for no limit" : ""));
        return null;
    }

    private List<(Value Item, Place At)> Items(string name)
    {
        var value = Get(name);
        if (value is Value.List list)
        {
            return [.. list.Items.Select((item, index) => (item, place.Of(name).At(index)))];
        }
        Mismatch(name, value, "a list");
        return [];
    }
}
