using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Functions.Execute;

/// <summary>
/// A command's arguments by name. What no one asks for is ignored: the arguments may be an event's whole data.
/// </summary>
public sealed class CommandArguments
{
    private const int TimeCharactersMax = 64;

    private readonly JsonElement _arguments;
    private readonly List<(string Name, JsonElement Value)> _members;

    /// <param name="arguments">A JSON object.</param>
    /// <exception cref="InvalidArgumentsException">A name is no Unicode text.</exception>
    public CommandArguments(JsonElement arguments)
    {
        _arguments = arguments;
        _members = [.. arguments.EnumerateObject().Select(member => (NameOf(member), member.Value))];
    }

    /// <summary>A string of 1 to <paramref name="charactersMax"/> characters.</summary>
    /// <exception cref="InvalidArgumentsException">It is missing or wrong.</exception>
    public string Text(string name, int charactersMax) =>
        OptionalText(name, charactersMax) ?? throw Missing(name, charactersMax);

    /// <summary>A string under its name or, where that is missing, under another; with the name it has.</summary>
    /// <exception cref="InvalidArgumentsException">Both are missing, or the one that counts is wrong.</exception>
    public (string Name, string Value) Text(string name, string synonym, int charactersMax) =>
        OptionalText(name, charactersMax) is { } value ? (name, value)
        : OptionalText(synonym, charactersMax) is { } other ? (synonym, other)
        : throw Missing($"{name} (or /args/{synonym})", charactersMax);

    /// <summary>A string, or null when it is missing or null.</summary>
    /// <exception cref="InvalidArgumentsException">It is wrong.</exception>
    public string? OptionalText(string name, int charactersMax)
    {
        if (!_arguments.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Wrong(name, $"is {Kind(value.ValueKind)}", Allowed(charactersMax));
        }
        if (!TryText(value, out var text))
        {
            throw Wrong(name, "holds a lone surrogate", Allowed(charactersMax));
        }
        return text.Length >= 1 && text.Length <= charactersMax
            ? text
            : throw Wrong(
                name,
                string.Create(CultureInfo.InvariantCulture, $"has {text.Length} characters"),
                Allowed(charactersMax));
    }

    /// <summary>An RFC 3339 time, or null when it is missing or null.</summary>
    /// <exception cref="InvalidArgumentsException">It is wrong.</exception>
    public DateTimeOffset? OptionalTime(string name)
    {
        if (OptionalText(name, TimeCharactersMax) is not { } text)
        {
            return null;
        }
        return Rfc3339.Parse(Encoding.UTF8.GetBytes(text), out var utcTicks) == Rfc3339Status.Read
            ? new DateTimeOffset(utcTicks, TimeSpan.Zero)
            : throw Wrong(name, "is no time", "an RFC 3339 time such as 2026-03-01T12:00:00Z");
    }

    /// <summary>
    /// The members that are a string, a number, true or false, each name once, in the order they came.
    /// </summary>
    /// <exception cref="InvalidArgumentsException">A string is no Unicode text.</exception>
    public IReadOnlyList<(string Name, JsonElement Value)> Scalars()
    {
        var scalars = new List<(string Name, JsonElement Value)>();
        foreach (var (name, value) in _members)
        {
            if (value.ValueKind == JsonValueKind.String && !TryText(value, out _))
            {
                throw Wrong(name, "holds a lone surrogate", "Unicode text");
            }
            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                or JsonValueKind.True or JsonValueKind.False)
            {
                scalars.Add((name, value));
            }
        }
        return [.. scalars.DistinctBy(scalar => scalar.Name)];
    }

    /// <summary>The error of an argument that is there but means nothing.</summary>
    public static InvalidArgumentsException Wrong(string name, string found, string allowed) =>
        new($"The argument /args/{name} {found}; it must be {allowed}.");

    private static InvalidArgumentsException Missing(string name, int charactersMax) =>
        new($"The argument /args/{name} is missing; it must be {Allowed(charactersMax)}.");

    private static string Allowed(int charactersMax) =>
        string.Create(CultureInfo.InvariantCulture, $"a string of 1 to {charactersMax} characters");

    // What was found is named by its kind only: a value may be event data, which no log line holds.
    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            throw new InvalidArgumentsException("A name in /args holds a lone surrogate; it must be Unicode text.");
        }
    }

    private static bool TryText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // JsonElement says so of a string that is no Unicode text.
            text = "";
            return false;
        }
    }
}
