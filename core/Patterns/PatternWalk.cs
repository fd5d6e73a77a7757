using System.Buffers;
using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>One pass over an event along the names that patterns need; all else is skipped.</summary>
/// <param name="wanted">By node, a bit: whether names that patterns need lead through it; filled as it goes.</param>
internal ref struct PatternWalk(ReadOnlySpan<byte> text, FieldMarks marks, Span<ulong> wanted)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly FieldMarks _marks = marks;
    private readonly Span<ulong> _wanted = wanted;
    private PatternTape _tape;
    private int _elements;
    private int _depth = 1;

    internal readonly FieldMarks Marks => _marks;

    internal readonly ReadOnlySpan<TapeEntry> Tape => _tape.Entries;

    internal readonly void Dispose() => _tape.Dispose();

    /// <summary>Walks attributes whose places the event knows.</summary>
    internal void WalkAttributes(in Event @event, (EventAttribute Attribute, PatternNode Node)[] attributes)
    {
        foreach (var (attribute, node) in attributes)
        {
            var slice = @event.SliceOf(attribute);
            if (slice.Length > 0 && (node.Children is null || IsWanted(node)))
            {
                WalkValue(node, slice.Start);
            }
        }
    }

    /// <summary>By node, a bit: whether names that patterns need lead through it.</summary>
    internal readonly Span<ulong> Wanted => _wanted;

    /// <summary>Whether any name is wanted.</summary>
    internal readonly bool WantsMore => _wanted.ContainsAnyExcept(0UL);

    /// <summary>Walks the members of an event that are not among the attributes it knows.</summary>
    internal void WalkUnknown(in Event @event, PatternNode root)
    {
        if (@event.HasKnownAttributesOnly())
        {
            return;
        }
        var members = new JsonMembers(_text, 0);
        while (members.MoveNext())
        {
            if (TryFindKnown(@event, members.Name, out var slice))
            {
                members.ValueEnd = slice.Start + slice.Length;
            }
            else if (Find(root, JsonName.At(_text, members.NameStart), members.NameStart) is { } child)
            {
                members.ValueEnd = WalkValue(child, members.ValueStart);
            }
        }
    }

    // A faulty event knows no attributes, whatever its members are.
    private static bool TryFindKnown(in Event @event, ReadOnlySpan<byte> name, out JsonSlice slice)
    {
        slice = default;
        if (EventAttributes.TryFind(name, out var attribute))
        {
            slice = @event.SliceOf(attribute);
        }
        else if (name.Contains((byte)'\\'))
        {
            using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
            slice = EventAttributes.TryFind(decoded.Span, out attribute) ? @event.SliceOf(attribute) : default;
        }
        return slice.Length > 0;
    }

    [SkipLocalsInit]
    private int WalkObject(PatternNode node, int at)
    {
        // A scanned text is never deeper; on another one this bounds the recursion.
        if (node.Children is null || _depth >= Limits.EventDepthMax)
        {
            return JsonWalk.SkipValue(_text, at);
        }
        _depth++;
        at++;
        while (JsonWalk.TryStepToName(_text, ref at))
        {
            var nameAt = at;
            var name = JsonName.At(_text, at);
            at = JsonWalk.StepToValue(_text, at + name.Length);
            at = Find(node, name, nameAt) is { } child ? WalkValue(child, at) : JsonWalk.SkipValue(_text, at);
        }
        _depth--;
        return at;
    }

    private int WalkValue(PatternNode node, int at) => JsonWalk.KindAt(_text, at) switch
    {
        JsonKind.Object => WalkObject(node, at),
        JsonKind.Array => WalkArray(node, at),
        var kind => WalkLeaf(node, at, kind),
    };

    // A scalar belongs to whatever its array belongs to; an object or array in it is an element of its own.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int WalkArray(PatternNode node, int at)
    {
        if (_depth >= Limits.EventDepthMax)
        {
            return JsonWalk.SkipValue(_text, at);
        }
        _depth++;
        var elements = new JsonElements(_text, at);
        var array = -1;
        while (elements.MoveNext())
        {
            var kind = JsonWalk.KindAt(_text, elements.ValueStart);
            if (kind is not (JsonKind.Object or JsonKind.Array))
            {
                elements.ValueEnd = WalkLeaf(node, elements.ValueStart, kind);
                continue;
            }
            array = array < 0 ? _tape.Open(TapeEntry.Array) : array;
            var element = _tape.Open(TapeEntry.Element);
            _elements++;
            elements.ValueEnd = WalkValue(node, elements.ValueStart);
            _elements--;
            _tape.Close(element);
        }
        if (array >= 0)
        {
            _tape.Close(array);
        }
        _depth--;
        return elements.End;
    }

    [SkipLocalsInit]
    private int WalkLeaf(PatternNode node, int at, JsonKind kind)
    {
        var end = kind == JsonKind.String ? JsonSkip.FindQuote(_text, at + 1) + 1 : JsonWalk.SkipValue(_text, at);
        if (kind == JsonKind.String && (end > _text.Length || _text[end - 1] != '"'))
        {
            return WalkEscaped(node, at);
        }
        if (node.HasFields)
        {
            Examine(node, new PatternLeaf(kind, kind == JsonKind.String ? _text[(at + 1)..(end - 1)] : _text[at..end]));
        }
        return end;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int WalkEscaped(PatternNode node, int at)
    {
        var end = JsonWalk.SkipString(_text, at);
        if (node.HasFields && JsonText.TryContent(_text[at..end], out var content))
        {
            using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
            Examine(node, new PatternLeaf(JsonKind.String, decoded.Span));
        }
        return end;
    }

    private void Examine(PatternNode node, scoped PatternLeaf leaf)
    {
        var isOutside = _elements == 0;
        if (node.Texts is not null && leaf.Kind == JsonKind.String && node.Texts.TryGet(leaf.Value, out var fields))
        {
            MeetAll(fields, isOutside);
        }
        foreach (ref readonly var one in node.Fields.AsSpan())
        {
            var (field, values) = (one.Field, one.Values);
            if (!values.MayTake(leaf.Kind) || _marks.IsMetOutside(field))
            {
                continue;
            }
            if (values.MayBeMissing)
            {
                _marks.Find(field, isOutside);
            }
            var isMet = values.Matches(leaf);
            if (isMet)
            {
                _marks.Meet(field, isOutside);
            }
            if (!isOutside && (isMet || values.MayBeMissing))
            {
                _tape.Note(field, isMet);
            }
        }
    }

    private void MeetAll(int[] fields, bool isOutside)
    {
        foreach (var field in fields)
        {
            if (_marks.IsMetOutside(field))
            {
                continue;
            }
            _marks.Meet(field, isOutside);
            if (!isOutside)
            {
                _tape.Note(field, isMet: true);
            }
        }
    }

    // The node of a member, when it is wanted. A name with dots in it is as many steps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly PatternNode? Find(PatternNode node, in JsonName name, int nameAt)
    {
        var content = _text.Slice(nameAt, name.Length);
        var isKnown = node.Children!.TryGet(name, content, out var child);
        if (!name.IsPlain && child is not { IsNamedPlainly: true })
        {
            child = FindUnusual(node, content);
            isKnown = child is not null;
        }
        return isKnown && IsWanted(child!) ? child : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsWanted(PatternNode node) =>
        (_wanted[node.Number >> 6] & (1UL << (node.Number & 63))) != 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PatternNode? FindUnusual(PatternNode node, ReadOnlySpan<byte> name)
    {
        using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
        return FindSteps(node, decoded.Span);
    }

    private static PatternNode? FindSteps(PatternNode node, ReadOnlySpan<byte> name)
    {
        while (node.Children is { } children)
        {
            var dot = name.IndexOf((byte)'.');
            if (!children.TryGet(dot < 0 ? name : name[..dot], out var child))
            {
                return null;
            }
            if (dot < 0)
            {
                return child;
            }
            node = child;
            name = name[(dot + 1)..];
        }
        return null;
    }
}

/// <summary>A step of the tape: an array or an element with what follows in it, or a field that has a value.</summary>
/// <param name="What">
/// <see cref="Array"/>, <see cref="Element"/>, or twice the field's number, and one more when the value satisfies it.
/// </param>
/// <param name="End">Of an array or element: the place behind its last step.</param>
internal readonly record struct TapeEntry(int What, int End)
{
    internal const int Array = -1;
    internal const int Element = -2;

    internal int Field => What >> 1;

    internal bool IsMet => (What & 1) != 0;
}

/// <summary>
/// What the pass found inside elements of arrays, with the arrays and elements around it; those without a find leave
/// no trace.
/// </summary>
internal struct PatternTape
{
    private const int EntriesMin = 64;

    private TapeEntry[]? _rented;
    private int _count;

    internal readonly ReadOnlySpan<TapeEntry> Entries => _rented.AsSpan(0, _count);

    internal readonly void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<TapeEntry>.Shared.Return(_rented);
        }
    }

    internal int Open(int what)
    {
        Add(new TapeEntry(what, 0));
        return _count - 1;
    }

    internal void Close(int at)
    {
        if (at == _count - 1)
        {
            _count = at;
        }
        else
        {
            _rented![at] = _rented[at] with { End = _count };
        }
    }

    // The same find again says nothing new.
    internal void Note(int field, bool isMet)
    {
        var entry = new TapeEntry((field << 1) | (isMet ? 1 : 0), 0);
        if (_rented![_count - 1] != entry)
        {
            Add(entry);
        }
    }

    private void Add(TapeEntry entry)
    {
        if (_rented is null || _count == _rented.Length)
        {
            var grown = ArrayPool<TapeEntry>.Shared.Rent(Math.Max(EntriesMin, _count * 2));
            Entries.CopyTo(grown);
            Dispose();
            _rented = grown;
        }
        _rented[_count++] = entry;
    }
}
