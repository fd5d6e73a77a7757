using System.Buffers;
using System.Runtime.CompilerServices;

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
    private const int WordsOnStack = 32;

    private readonly PatternNode _root;

    // Attributes that are decided first, and those in which patterns name more.
    private readonly (EventAttribute Attribute, PatternNode Node)[] _early;
    private readonly (EventAttribute Attribute, PatternNode Node)[] _late;
    private readonly PatternValues[] _fields;
    private readonly PatternBranch[] _branches;
    private readonly int _nodeCount;

    internal PatternProgram(IReadOnlyList<PatternField[][]> patterns)
    {
        var tree = new PatternTree();
        var places = patterns.Select(
            branches => branches.Select(branch => branch.Select(tree.Place).ToArray()).ToArray()).ToArray();
        _root = tree.Freeze();
        _nodeCount = tree.NodeCount;
        _fields = [.. tree.Fields];
        _branches =
        [
            .. places.SelectMany((branches, pattern) => branches.Select(branch => tree.Branch(pattern, branch))),
        ];
        Count = places.Length;
        _early = [.. AttributesOf(_root).Where(one => one.Node.Children is null)];
        _late = [.. AttributesOf(_root).Where(one => one.Node.Children is not null)];
    }

    internal int Count { get; }

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
        var words = BitSet.CountWords(_fields.Length);
        var size = (words * FieldMarks.Sets) + BitSet.CountWords(_nodeCount);
        var rented = size > WordsOnStack ? ArrayPool<ulong>.Shared.Rent(size) : null;
        var bits = rented is null ? stackalloc ulong[WordsOnStack] : rented;
        bits = bits[..size];
        bits.Clear();
        var marks = bits[..(words * FieldMarks.Sets)];
        var walk = new PatternWalk(json, new FieldMarks(marks, words), bits[marks.Length..]);
        walk.WalkAttributes(@event, _early);
        WantFields(ref walk);
        if (walk.WantsMore)
        {
            walk.WalkAttributes(@event, _late);
            walk.WalkUnknown(@event, _root);
        }
        matches[..Count].Clear();
        foreach (ref readonly var branch in _branches.AsSpan())
        {
            if (branch.Required.IsIn(walk.Marks.Met) && !matches[branch.Pattern])
            {
                matches[branch.Pattern] = Decide(branch.Fields, walk.Marks)
                    ?? PatternChoice.Matches(this, branch.Fields, walk.Marks, walk.Tape);
            }
        }
        walk.Dispose();
        if (rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    // A branch that an attribute refused already wants nothing of the rest of the event.
    private void WantFields(ref PatternWalk walk)
    {
        foreach (ref readonly var branch in _branches.AsSpan())
        {
            if (branch.RequiredEarly.IsIn(walk.Marks.Met))
            {
                branch.LateNodes.AddTo(walk.Wanted);
            }
        }
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
}

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

    /// <summary>By field, a bit: whether some value satisfies it.</summary>
    internal ReadOnlySpan<ulong> Met => _bits[..words];

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
