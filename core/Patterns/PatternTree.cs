using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// Grows the tree of field names, and says of each branch what the attributes decide and which names lead to the rest.
/// </summary>
internal sealed class PatternTree
{
    // Fields that want nothing but certain texts are looked up together from here on.
    private const int PlainFieldsMin = 2;

    private readonly List<NodeDraft> _drafts = [new(null)];
    private readonly List<PatternValues> _fields = [];
    private readonly List<NodeDraft> _nodes = [];
    private readonly Dictionary<(string Path, string Source), int> _known = [];

    /// <summary>What is wanted of each field, by its number.</summary>
    internal IReadOnlyList<PatternValues> Fields => _fields;

    internal int NodeCount => _drafts.Count;

    /// <summary>The field's number; fields of one path that want the same are one.</summary>
    internal int Place(PatternField field)
    {
        var key = (field.Path, Encoding.UTF8.GetString(field.Source.Span));
        if (!_known.TryGetValue(key, out var place))
        {
            place = _fields.Count;
            _known.Add(key, place);
            _fields.Add(field.Values);
            var node = Descend(field.Path);
            node.Fields.Add(new NodeField(place, field.Values));
            _nodes.Add(node);
        }
        return place;
    }

    /// <summary>The branch of these fields, in the ordinal order of their paths.</summary>
    internal PatternBranch Branch(int pattern, int[] fields)
    {
        // A field that takes values and must be there.
        var required = fields.Where(field => _fields[field] is { TakesValues: true, MayBeMissing: false }).ToArray();
        return new PatternBranch(
            pattern,
            fields,
            BitSet.Of(required),
            BitSet.Of(required.Where(field => _nodes[field].IsEarly)),
            BitSet.Of(fields.Select(field => _nodes[field]).Where(node => !node.IsEarly)
                .SelectMany(node => node.Path)));
    }

    // Parents were drafted before their children; a path may have more names than a recursion could bear.
    internal PatternNode Freeze()
    {
        for (var index = _drafts.Count - 1; index >= 0; index--)
        {
            var draft = _drafts[index];
            var children = draft.Children.Count == 0
                ? null
                : new Utf8Map<PatternNode>(draft.Children.Select(
                    child => KeyValuePair.Create(Encoding.UTF8.GetBytes(child.Key), child.Value.Frozen!)));
            var plain = draft.Fields.Where(field => field.Values.OnlyTexts is not null).ToArray();
            var texts = plain.Length < PlainFieldsMin ? null : MapOf(plain);
            draft.Frozen = new PatternNode(
                index, [.. draft.Fields.Except(texts is null ? [] : plain)], texts, children, draft.IsNamedPlainly);
        }
        return _drafts[0].Frozen!;
    }

    // Of each text, the fields that it satisfies.
    private static Utf8Map<int[]> MapOf(NodeField[] fields) => new(
        from field in fields
        from text in field.Values.OnlyTexts!
        group field.Field by Convert.ToHexString(text) into one
        select KeyValuePair.Create(Convert.FromHexString(one.Key), one.ToArray()));

    private NodeDraft Descend(string path)
    {
        var node = _drafts[0];
        foreach (var name in path.Split('.'))
        {
            if (!node.Children.TryGetValue(name, out var child))
            {
                child = new NodeDraft(node)
                {
                    Number = _drafts.Count,
                    IsNamedPlainly = !name.Contains('\\'),
                    IsAttribute = node.Parent is null
                        && EventAttributes.TryFind(Encoding.UTF8.GetBytes(name), out _),
                };
                _drafts.Add(child);
                node.Children.Add(name, child);
            }
            node = child;
        }
        return node;
    }

    private sealed class NodeDraft(NodeDraft? parent)
    {
        internal NodeDraft? Parent => parent;

        internal int Number { get; init; }

        internal List<NodeField> Fields { get; } = [];

        internal Dictionary<string, NodeDraft> Children { get; } = new(StringComparer.Ordinal);

        internal bool IsNamedPlainly { get; init; } = true;

        /// <summary>Whether the path is the name of an attribute.</summary>
        internal bool IsAttribute { get; init; }

        /// <summary>Whether the attribute alone decides: no other name leads here, and none goes on.</summary>
        internal bool IsEarly => IsAttribute && Children.Count == 0;

        internal PatternNode? Frozen { get; set; }

        /// <summary>The numbers of the nodes from here up to the root's child.</summary>
        internal IEnumerable<int> Path
        {
            get
            {
                for (var node = this; node.Parent is { } parent; node = parent)
                {
                    yield return node.Number;
                }
            }
        }
    }
}

/// <summary>A set of small numbers, as the bits of words; nearly always the first word is all there is.</summary>
/// <param name="First">The numbers below 64.</param>
/// <param name="Rest">Of the further words, those that hold any.</param>
internal readonly record struct BitSet(ulong First, (int Index, ulong Bits)[] Rest)
{
    private const int WordBits = 64;

    /// <summary>How many words hold so many numbers; at least one.</summary>
    internal static int CountWords(int numbers) => Math.Max(1, (numbers + WordBits - 1) / WordBits);

    internal static BitSet Of(IEnumerable<int> numbers)
    {
        var words = numbers.GroupBy(number => number / WordBits).ToDictionary(
            group => group.Key, group => group.Aggregate(0UL, (bits, number) => bits | (1UL << (number % WordBits))));
        words.Remove(0, out var first);
        return new BitSet(first, [.. words.Select(word => (word.Key, word.Value))]);
    }

    /// <summary>Whether the words hold all the numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsIn(ReadOnlySpan<ulong> words) =>
        (words[0] & First) == First && (Rest.Length == 0 || IsRestIn(words));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddTo(Span<ulong> words)
    {
        words[0] |= First;
        foreach (var (index, bits) in Rest)
        {
            words[index] |= bits;
        }
    }

    private bool IsRestIn(ReadOnlySpan<ulong> words)
    {
        foreach (var (index, bits) in Rest)
        {
            if ((words[index] & bits) != bits)
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>Fields that make a match together.</summary>
/// <param name="Pattern">The number of the pattern that has them.</param>
/// <param name="Fields">All of them, in the ordinal order of their paths.</param>
/// <param name="Required">Those of which some value must be there and satisfy.</param>
/// <param name="RequiredEarly">Of these, the ones that the event's attributes decide.</param>
/// <param name="LateNodes">The names that lead to the fields that other parts of the event decide.</param>
internal readonly record struct PatternBranch(
    int Pattern, int[] Fields, BitSet Required, BitSet RequiredEarly, BitSet LateNodes);

/// <summary>A field by its number, with what is wanted of it.</summary>
internal readonly record struct NodeField(int Field, PatternValues Values);

/// <summary>A path that patterns name: the fields that end here, and the names that go on.</summary>
/// <param name="Number">The node's number.</param>
/// <param name="Fields">The fields that end here, but for those of <paramref name="Texts"/>.</param>
/// <param name="Texts">Of each text, the fields that it satisfies, when several want nothing but certain texts.</param>
/// <param name="IsNamedPlainly">
/// Whether the name has no backslash, so that a name of an event with the same bytes is it, unescaped or not.
/// </param>
internal sealed record PatternNode(
    int Number,
    NodeField[] Fields,
    Utf8Map<int[]>? Texts,
    Utf8Map<PatternNode>? Children,
    bool IsNamedPlainly)
{
    /// <summary>Whether any field ends here.</summary>
    internal bool HasFields { get; } = Fields.Length > 0 || Texts is not null;
}
