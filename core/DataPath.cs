using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A path to a value of an event, such as <c>data.ip</c> or <c>severitynumber</c>, compiled once.</summary>
/// <remarks>
/// Grammar: <c>path = name *("." name)</c>. A name is one or more characters; a dot or backslash in it is written
/// <c>\.</c>
/// or <c>\\</c>. The first name is any top-level member of the event. Names compare exactly, after unescaping the JSON.
/// A path does not enter arrays: what lies in one is not found.
/// </remarks>
public sealed class DataPath
{
    /// <summary>Most names of a path: an event nests no deeper.</summary>
    public const int NamesMax = Limits.EventDepthMax;

    private readonly byte[][] _names;
    private readonly int _attribute;
    private readonly string _text;

    private DataPath(string text, byte[][] names)
    {
        _text = text;
        _names = names;
        _attribute = EventAttributes.IndexOf(names[0]);
    }

    /// <summary>Compiles a path.</summary>
    /// <exception cref="FormatException">The path is malformed; the message says where and what is allowed.</exception>
    public static DataPath Parse(string text) =>
        TryParse(text, out var path, out var problem) ? path! : throw new FormatException(problem);

    /// <summary>
    /// Compiles a path; false, with a sentence that says where and what is allowed, when it is malformed.
    /// </summary>
    public static bool TryParse(string text, out DataPath? path, out string? problem)
    {
        path = null;
        var names = new List<byte[]>();
        var name = new StringBuilder();
        problem = null;
        for (var at = 0; at <= text.Length && problem is null; at++)
        {
            if (at == text.Length || text[at] == '.')
            {
                problem = name.Length == 0 ? Problem(text, at, "has an empty name") : null;
                names.Add(Encoding.UTF8.GetBytes(name.ToString()));
                name.Clear();
            }
            else if (text[at] == '\\' && (at + 1 == text.Length || text[at + 1] is not ('.' or '\\')))
            {
                problem = Problem(text, at, @"has a backslash that is not followed by '.' or '\'");
            }
            else
            {
                at += text[at] == '\\' ? 1 : 0;
                name.Append(text[at]);
            }
        }
        problem ??= names.Count > NamesMax ? Problem(text, text.Length, $"has more than {NamesMax} names") : null;
        if (problem is null)
        {
            path = new DataPath(text, [.. names]);
        }
        return problem is null;
    }

    /// <summary>Finds the value in one forward pass that skips what it does not need.</summary>
    /// <param name="event">An event whose JSON could be read.</param>
    /// <param name="rawValue">The value as JSON (a string with its quotes); empty when it is not there.</param>
    /// <returns>Whether it is there; JSON null is.</returns>
    public bool TryFind(in Event @event, out ReadOnlySpan<byte> rawValue)
    {
        rawValue = default;
        var json = @event.Json;
        var at = 0;
        var depth = 0;
        if (_attribute >= 0)
        {
            var slice = @event.SliceOf((EventAttribute)_attribute);
            if (slice.Length == 0)
            {
                return false;
            }
            at = slice.Start;
            depth = 1;
            if (_names.Length == 1)
            {
                rawValue = json.Slice(slice.Start, slice.Length);
                return true;
            }
        }
        for (; depth < _names.Length; depth++)
        {
            at = FindMember(json, at, _names[depth]);
            if (at < 0)
            {
                return false;
            }
        }
        rawValue = json[at..JsonWalk.SkipValue(json, at)];
        return true;
    }

    /// <summary>The path as it was written.</summary>
    public override string ToString() => _text;

    private static int FindMember(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> name)
    {
        if (JsonWalk.KindAt(json, at) != JsonKind.Object)
        {
            return -1;
        }
        var members = new JsonMembers(json, at);
        while (members.MoveNext())
        {
            if (IsName(members.Name, name))
            {
                return members.ValueStart;
            }
        }
        return -1;
    }

    private static bool IsName(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name)
    {
        if (!content.Contains((byte)'\\'))
        {
            return content.SequenceEqual(name);
        }
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        return decoded.Span.SequenceEqual(name);
    }

    private static string Problem(string text, int at, string what) =>
        $"the path '{text}' {what} at character {at}; allowed are names with dots between them, such as 'data.ip', "
        + @"a dot in a name written '\.' and a backslash '\\'";
}
