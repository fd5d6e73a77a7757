using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// A member that a schema names: its schema when <c>properties</c> has it, its place in <c>required</c> or -1.
/// </summary>
internal sealed record SchemaMember(EventSchemaNode? Node, int RequiredIndex);

/// <summary>The keywords of objects: <c>properties</c>, <c>required</c>, <c>additionalProperties</c>.</summary>
internal sealed class EventSchemaObject
{
    private const int NamesInMessageMax = 10;
    private const int MarksOnStack = 16;
    private const int MarkBits = 64;

    private readonly Utf8Map<SchemaMember> _members;
    private readonly string[] _requiredRules;
    private readonly EventSchemaNode? _additional;
    private readonly string _additionalRule;

    /// <param name="additional">
    /// The schema of members that <c>properties</c> does not name; null when any is valid.
    /// </param>
    internal EventSchemaObject(
        IReadOnlyList<(byte[] Name, EventSchemaNode Node)> properties,
        IReadOnlyList<byte[]> required,
        EventSchemaNode? additional)
    {
        var members = new Dictionary<string, SchemaMember>(StringComparer.Ordinal);
        foreach (var (name, node) in properties)
        {
            members[Encoding.UTF8.GetString(name)] = new SchemaMember(node, -1);
        }
        for (var index = 0; index < required.Count; index++)
        {
            var name = Encoding.UTF8.GetString(required[index]);
            members[name] = new SchemaMember(members.GetValueOrDefault(name)?.Node, index);
        }
        _members = new Utf8Map<SchemaMember>(
            members.Select(member => KeyValuePair.Create(Encoding.UTF8.GetBytes(member.Key), member.Value)));
        _requiredRules = [.. required.Select(name => $"required: '{JsonText.Excerpt(name)}' is missing")];
        _additional = additional;
        var allowed = properties.Count == 0
            ? "none"
            : string.Join(", ", properties.Take(NamesInMessageMax).Select(one => JsonText.Excerpt(one.Name)))
                + (properties.Count > NamesInMessageMax ? ", …" : "");
        _additionalRule = $"additionalProperties: allowed members are {allowed}";
    }

    /// <summary>Checks the object at an offset in one pass over its members.</summary>
    /// <returns>The offset behind it.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        var words = (_requiredRules.Length + MarkBits - 1) / MarkBits;
        Span<ulong> marks = words <= MarksOnStack ? stackalloc ulong[MarksOnStack] : new ulong[words];
        var members = new JsonMembers(run.Text, at);
        while (members.MoveNext())
        {
            var member = Find(members.Name);
            if (member is { RequiredIndex: >= 0 })
            {
                marks[member.RequiredIndex / MarkBits] |= 1UL << (member.RequiredIndex % MarkBits);
            }
            var node = member?.Node ?? _additional;
            if (node is null)
            {
                continue;
            }
            if (member?.Node is null && node.IsNever)
            {
                run.Fail(members.NameStart, _additionalRule, members.Name);
            }
            else
            {
                members.ValueEnd = node.Check(ref run, members.ValueStart);
            }
        }
        for (var index = 0; index < _requiredRules.Length && !run.IsDone; index++)
        {
            if ((marks[index / MarkBits] & (1UL << (index % MarkBits))) == 0)
            {
                run.Fail(at, _requiredRules[index]);
            }
        }
        return members.End;
    }

    private SchemaMember? Find(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)'\\'))
        {
            return _members.TryGet(content, out var member) ? member : null;
        }
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        return _members.TryGet(decoded.Span, out var escaped) ? escaped : null;
    }
}
