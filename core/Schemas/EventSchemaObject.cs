using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// A member that a schema names: its schema when <c>properties</c> has it, its place among the members whose presence
/// matters, or -1.
/// </summary>
internal sealed record SchemaMember(EventSchemaNode? Node, int Mark);

/// <summary>The keywords of objects as a document gives them, in whatever order.</summary>
internal sealed class ObjectKeywords
{
    internal List<(byte[] Name, EventSchemaNode Node)> Properties { get; } = [];

    internal List<byte[]> Required { get; } = [];

    /// <summary>The schema of members that nothing else names; null when any is valid.</summary>
    internal EventSchemaNode? Additional { get; set; }

    internal List<(byte[] Name, byte[][] Needed)> Dependent { get; } = [];

    internal EventSchemaMembers Members { get; } = new();

    internal bool IsEmpty => Properties.Count == 0 && Required.Count == 0 && Additional is null
        && Dependent.Count == 0 && Members.IsEmpty;
}

/// <summary>
/// The keywords of objects: <c>properties</c>, <c>required</c>, <c>additionalProperties</c>, <c>dependentRequired</c>,
/// and those of <see cref="EventSchemaMembers"/>.
/// </summary>
internal sealed class EventSchemaObject
{
    private const int NamesInMessageMax = 10;
    private const int MarksOnStack = 16;
    private const int MarkBits = 64;

    private readonly Utf8Map<SchemaMember> _members;
    private readonly bool _hasBackslash;
    private readonly string[] _requiredRules;
    private readonly (int If, int Then, string Rule)[] _dependent;
    private readonly int _markCount;
    private readonly EventSchemaNode? _additional;
    private readonly string _additionalRule;
    private readonly EventSchemaMembers? _more;

    internal EventSchemaObject(ObjectKeywords keywords)
    {
        var members = new Dictionary<string, SchemaMember>(StringComparer.Ordinal);
        foreach (var (name, node) in keywords.Properties)
        {
            members[Encoding.UTF8.GetString(name)] = new SchemaMember(node, -1);
        }
        int Mark(byte[] utf8)
        {
            var name = Encoding.UTF8.GetString(utf8);
            var known = members.GetValueOrDefault(name);
            if (known is not { Mark: >= 0 })
            {
                members[name] = new SchemaMember(known?.Node, members.Values.Count(member => member.Mark >= 0));
            }
            return members[name].Mark;
        }
        foreach (var name in keywords.Required)
        {
            Mark(name);
        }
        _dependent = [.. from one in keywords.Dependent
                         from needed in one.Needed
                         let rule = $"dependentRequired: '{JsonText.Excerpt(needed)}' is missing, "
                             + $"which '{JsonText.Excerpt(one.Name)}' needs"
                         select (Mark(one.Name), Mark(needed), rule)];
        _markCount = members.Values.Count(member => member.Mark >= 0);
        _members = new Utf8Map<SchemaMember>(
            members.Select(member => KeyValuePair.Create(Encoding.UTF8.GetBytes(member.Key), member.Value)));
        _hasBackslash = members.Keys.Any(name => name.Contains('\\', StringComparison.Ordinal));
        _requiredRules = [.. keywords.Required.Select(name => $"required: '{JsonText.Excerpt(name)}' is missing")];
        _additional = keywords.Additional;
        _additionalRule = $"additionalProperties: allowed members are {AllowedNames(keywords)}";
        _more = keywords.Members.IsEmpty ? null : keywords.Members;
    }

    /// <summary>Checks the object at an offset in one pass over its members.</summary>
    /// <returns>The offset behind it.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        if (_markCount > MarkBits)
        {
            return CheckLarge(ref run, at);
        }
        var marks = 0UL;
        return Check(ref run, at, new Span<ulong>(ref marks));
    }

    private int CheckLarge(ref EventSchemaRun run, int at)
    {
        var words = (_markCount + MarkBits - 1) / MarkBits;
        return Check(ref run, at, words <= MarksOnStack ? stackalloc ulong[MarksOnStack] : new ulong[words]);
    }

    private int Check(ref EventSchemaRun run, int at, scoped Span<ulong> marks)
    {
        var text = run.Text;
        var isTracked = run.Tracked == at;
        var count = 0;
        var end = at + 1;
        while (JsonWalk.TryStepToName(text, ref end))
        {
            var nameAt = end;
            var name = JsonName.At(text, nameAt);
            var valueAt = JsonWalk.StepToValue(text, nameAt + name.Length);
            end = JsonSkip.Unknown;
            var member = Find(name, text.Slice(nameAt, name.Length));
            if (member is { Mark: >= 0 })
            {
                marks[member.Mark / MarkBits] |= 1UL << (member.Mark % MarkBits);
            }
            var isNamed = member?.Node is not null;
            if (_more is not null)
            {
                count++;
                isNamed |= _more.CheckMember(ref run, nameAt, text.Slice(nameAt, name.Length), valueAt);
            }
            var node = isNamed ? member?.Node : _additional;
            if (node is { IsNever: true } && !isNamed)
            {
                run.Fail(nameAt, _additionalRule, text.Slice(nameAt, name.Length));
            }
            else if (node is not null)
            {
                end = node.Check(ref run, valueAt);
            }
            if (isTracked && (isNamed || node is not null))
            {
                run.Mark(valueAt);
            }
            end = end == JsonSkip.Unknown ? JsonWalk.SkipValue(text, valueAt) : end;
        }
        CheckPresence(ref run, at, marks);
        _more?.CheckCount(ref run, at, count);
        return end;
    }

    private void CheckPresence(ref EventSchemaRun run, int at, scoped ReadOnlySpan<ulong> marks)
    {
        for (var index = 0; index < _requiredRules.Length && !run.IsDone; index++)
        {
            if (!IsMarked(marks, index))
            {
                run.Fail(at, _requiredRules[index]);
            }
        }
        foreach (var (given, needed, rule) in _dependent)
        {
            if (IsMarked(marks, given) && !IsMarked(marks, needed))
            {
                run.Fail(at, rule);
            }
        }
    }

    private static bool IsMarked(ReadOnlySpan<ulong> marks, int index) =>
        (marks[index / MarkBits] & (1UL << (index % MarkBits))) != 0;

    private static string AllowedNames(ObjectKeywords keywords)
    {
        var names = keywords.Properties.Select(one => JsonText.Excerpt(one.Name))
            .Concat(keywords.Members.Patterns.Select(one => one.Shown)).ToArray();
        return names.Length == 0
            ? "none"
            : string.Join(", ", names.Take(NamesInMessageMax)) + (names.Length > NamesInMessageMax ? ", …" : "");
    }

    // Nearly every name is known and not escaped. As it stands, an escaped one equals only a name with a backslash.
    private SchemaMember? Find(in JsonName name, ReadOnlySpan<byte> content)
    {
        var isKnown = _members.TryGet(name, content, out var member);
        return name.IsPlain || (isKnown && !_hasBackslash) || !content.Contains((byte)'\\')
            ? member
            : FindEscaped(content);
    }

    [SkipLocalsInit]
    private SchemaMember? FindEscaped(ReadOnlySpan<byte> content)
    {
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        return _members.TryGet(decoded.Span, out var escaped) ? escaped : null;
    }
}
