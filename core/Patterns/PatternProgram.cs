using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// Many patterns as one tree of field names, so that one pass over an event serves them all, and the branches that
/// say which fields make a match.
/// </summary>
/// <remarks>
/// Names are split at dots, so that nested names and dotted ones are the same path. A field that patterns share is
/// examined once. Immutable, so any number of threads may use it.
/// </remarks>
internal sealed class PatternProgram
{
    private const int WordsOnStack = 8;

    private readonly PatternNode _root;
    private readonly (EventAttribute Attribute, PatternNode Node)[] _attributes;
    private readonly PatternValues[] _fields;

    // By pattern, by branch: the fields, in the ordinal order of their paths.
    private readonly int[][][] _patterns;

    internal PatternProgram(IReadOnlyList<PatternField[][]> patterns)
    {
        var drafts = new List<NodeDraft> { new() };
        var fields = new List<PatternValues>();
        var known = new Dictionary<(string Path, string Source), int>();
        _patterns =
        [
            .. patterns.Select(branches => branches.Select(branch => branch.Select(Place).ToArray()).ToArray()),
        ];
        _root = Freeze(drafts);
        _attributes = [.. AttributesOf(_root)];
        _fields = [.. fields];

        int Place(PatternField field)
        {
            var key = (field.Path, Encoding.UTF8.GetString(field.Source.Span));
            if (!known.TryGetValue(key, out var place))
            {
                place = fields.Count;
                known.Add(key, place);
                fields.Add(field.Values);
                Descend(field.Path).Fields.Add(new NodeField(place, field.Values));
            }
            return place;
        }

        NodeDraft Descend(string path)
        {
            var node = drafts[0];
            foreach (var name in path.Split('.'))
            {
                if (!node.Children.TryGetValue(name, out var child))
                {
                    child = new NodeDraft { IsNamedPlainly = !name.Contains('\\') };
                    drafts.Add(child);
                    node.Children.Add(name, child);
                }
                node = child;
            }
            return node;
        }
    }

    internal int Count => _patterns.Length;

    internal int FieldCount => _fields.Length;

    internal PatternValues Field(int field) => _fields[field];

    /// <summary>Says of each pattern whether the event matches it.</summary>
    [SkipLocalsInit]
    internal void Match(in Event @event, Span<bool> matches)
    {
        var json = @event.Json;
        if (json.IsEmpty || json[0] != '{')
        {
            matches[..Count].Clear();
            return;
        }
        var words = (_fields.Length + 63) / 64;
        var rented = words > WordsOnStack ? ArrayPool<ulong>.Shared.Rent(words * FieldMarks.Sets) : null;
        var bits = rented is null ? stackalloc ulong[WordsOnStack * FieldMarks.Sets] : rented;
        bits = bits[..(words * FieldMarks.Sets)];
        bits.Clear();
        var walk = new PatternWalk(json, new FieldMarks(bits, words));
        walk.WalkEvent(@event, _root, _attributes);
        for (var pattern = 0; pattern < Count; pattern++)
        {
            matches[pattern] = Matches(_patterns[pattern], ref walk);
        }
        walk.Dispose();
        if (rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    private bool Matches(int[][] branches, ref PatternWalk walk)
    {
        foreach (var branch in branches)
        {
            var isMatch = Decide(branch, walk.Marks);
            if (isMatch ?? PatternChoice.Matches(this, branch, walk.Marks, walk.Tape))
            {
                return true;
            }
        }
        return false;
    }

    // Null when it depends on which fields stand in one element of an array.
    private bool? Decide(int[] branch, in FieldMarks marks)
    {
        var inArrays = 0;
        var isDecided = true;
        foreach (var field in branch)
        {
            if (marks.IsMetOutside(field))
            {
                continue;
            }
            var values = _fields[field];
            if (values.MayBeMissing && !marks.IsPresent(field))
            {
                continue;
            }
            if (values.TakesValues && !marks.IsMet(field) && (!values.MayBeMissing || marks.IsPresentOutside(field)))
            {
                return false;
            }
            if (!values.TakesValues && marks.IsPresentOutside(field))
            {
                return false;
            }
            inArrays++;
            isDecided &= !values.MayBeMissing;
        }
        return inArrays == 0 || (inArrays == 1 && isDecided) ? true : null;
    }

    private static IEnumerable<(EventAttribute Attribute, PatternNode Node)> AttributesOf(PatternNode root)
    {
        foreach (var attribute in Enum.GetValues<EventAttribute>())
        {
            if (root.Children is not null && root.Children.TryGet(attribute.Name(), out var node))
            {
                yield return (attribute, node);
            }
        }
    }

    // Parents were drafted before their children; a path may have more names than a recursion could bear.
    private static PatternNode Freeze(List<NodeDraft> drafts)
    {
        for (var index = drafts.Count - 1; index >= 0; index--)
        {
            var draft = drafts[index];
            var children = draft.Children.Count == 0
                ? null
                : new Utf8Map<PatternNode>(draft.Children.Select(
                    child => KeyValuePair.Create(Encoding.UTF8.GetBytes(child.Key), child.Value.Frozen!)));
            draft.Frozen = new PatternNode([.. draft.Fields], children, draft.IsNamedPlainly);
        }
        return drafts[0].Frozen!;
    }

    private sealed class NodeDraft
    {
        internal List<NodeField> Fields { get; } = [];

        internal Dictionary<string, NodeDraft> Children { get; } = new(StringComparer.Ordinal);

        internal bool IsNamedPlainly { get; init; } = true;

        internal PatternNode? Frozen { get; set; }
    }
}

/// <summary>A field by its number, with what is wanted of it.</summary>
internal readonly record struct NodeField(int Field, PatternValues Values);

/// <summary>A path that patterns name: the fields that end here, and the names that go on.</summary>
/// <param name="IsNamedPlainly">
/// Whether the name has no backslash, so that a name of an event with the same bytes is it, unescaped or not.
/// </param>
internal sealed record PatternNode(NodeField[] Fields, Utf8Map<PatternNode>? Children, bool IsNamedPlainly);

/// <summary>
/// What one pass found out about each field: whether some value satisfies it and whether some value is there; in the
/// event, and outside elements of arrays. Presence is noted only of fields that may be missing.
/// </summary>
internal readonly ref struct FieldMarks(Span<ulong> bits, int words)
{
    internal const int Sets = 4;

    private readonly Span<ulong> _bits = bits;

    internal bool IsMet(int field) => Has(0, field);

    internal bool IsMetOutside(int field) => Has(1, field);

    internal bool IsPresent(int field) => Has(2, field);

    internal bool IsPresentOutside(int field) => Has(3, field);

    internal void Meet(int field, bool isOutside)
    {
        Set(0, field);
        if (isOutside)
        {
            Set(1, field);
        }
    }

    internal void Find(int field, bool isOutside)
    {
        Set(2, field);
        if (isOutside)
        {
            Set(3, field);
        }
    }

    private bool Has(int set, int field) => (_bits[(set * words) + (field >> 6)] & (1UL << (field & 63))) != 0;

    private void Set(int set, int field) => _bits[(set * words) + (field >> 6)] |= 1UL << (field & 63);
}
