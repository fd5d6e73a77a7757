using System.Buffers;

namespace Pipeline.Core;

/// <summary>
/// Decides whether an element can be chosen in each array so that all fields of a branch are satisfied by what is
/// chosen: two fields never take their values from two elements of one array.
/// </summary>
/// <remarks>
/// What stands outside an array's elements needs no choice and is taken first. The fields found in an array are all
/// due from one of its elements, so each element is looked at once per enclosing array: linear in the event.
/// A field that must be missing is missing when each of its values lies in an element that an earlier field, by the
/// order of their paths, did not choose; this is the order in which EventBridge looks at fields.
/// </remarks>
internal readonly ref struct PatternChoice
{
    private const byte Done = 0;
    private const byte Wanted = 1;
    private const byte Unwanted = 2;
    private const byte Either = 3;

    // Per level of arrays: what is due, what is due of an element, and which fields an array holds.
    private const int SetsPerLevel = 3;

    private readonly ReadOnlySpan<TapeEntry> _tape;

    // By field, its place in the branch, or -1.
    private readonly ReadOnlySpan<int> _places;
    private readonly int _count;

    private PatternChoice(ReadOnlySpan<TapeEntry> tape, ReadOnlySpan<int> places, int count)
    {
        _tape = tape;
        _places = places;
        _count = count;
    }

    internal static bool Matches(
        PatternProgram program, int[] branch, in FieldMarks marks, ReadOnlySpan<TapeEntry> tape)
    {
        var size = branch.Length * SetsPerLevel * (Limits.EventDepthMax + 1);
        var work = ArrayPool<byte>.Shared.Rent(size);
        var places = ArrayPool<int>.Shared.Rent(program.FieldCount);
        places.AsSpan().Fill(-1);
        var due = work.AsSpan(0, branch.Length);
        var isOpen = true;
        for (var place = 0; place < branch.Length; place++)
        {
            var field = branch[place];
            places[field] = place;
            due[place] = DueOf(program.Field(field), field, marks);
            isOpen &= due[place] != Unwanted || !marks.IsPresentOutside(field);
        }
        var choice = new PatternChoice(tape, places, branch.Length);
        var isMatch = isOpen && choice.Fits(0, tape.Length, due, work.AsSpan(branch.Length));
        ArrayPool<int>.Shared.Return(places);
        ArrayPool<byte>.Shared.Return(work);
        return isMatch;
    }

    private static byte DueOf(PatternValues values, int field, in FieldMarks marks)
    {
        if (marks.IsMetOutside(field))
        {
            return Done;
        }
        if (!values.MayBeMissing)
        {
            return Wanted;
        }
        if (!values.TakesValues)
        {
            return Unwanted;
        }
        return marks.IsPresentOutside(field) ? Wanted : Either;
    }

    // Whether the steps of the event, or of an element, give all that is due.
    private bool Fits(int start, int end, Span<byte> due, Span<byte> work)
    {
        for (var at = start; at < end;)
        {
            var entry = _tape[at];
            if (entry.What >= 0 && _places[entry.Field] is var place and >= 0 && !Take(ref due[place], entry.IsMet))
            {
                return false;
            }
            at = entry.What == TapeEntry.Element ? entry.End : at + 1;
        }
        for (var at = start; at < end;)
        {
            var isArray = _tape[at].What == TapeEntry.Array;
            if (isArray && !FitsArray(at, due, work))
            {
                return false;
            }
            at = isArray ? _tape[at].End : at + 1;
        }
        return !due.Contains(Wanted);
    }

    // A value that is there settles the field, unless it has to be another one.
    private static bool Take(ref byte due, bool isMet)
    {
        if (isMet)
        {
            due = Done;
        }
        else if (due == Either)
        {
            due = Wanted;
        }
        return due != Unwanted;
    }

    private bool FitsArray(int array, Span<byte> due, Span<byte> work)
    {
        var ofElement = work[.._count];
        var held = work.Slice(_count, _count);
        work = work[(2 * _count)..];
        var end = _tape[array].End;
        FindHeld(array + 1, end, held);
        var chooser = FirstChooser(due, held);
        for (var place = 0; place < _count; place++)
        {
            var isDue = held[place] != 0 && due[place] != Done;
            if (isDue && due[place] == Unwanted && (chooser < 0 || place < chooser))
            {
                return false;
            }
            ofElement[place] = !isDue ? Done : place == chooser ? Wanted : due[place];
        }
        if (chooser < 0)
        {
            return true;
        }
        for (var at = array + 1; at < end;)
        {
            if (_tape[at].What != TapeEntry.Element)
            {
                at++;
                continue;
            }
            ofElement.CopyTo(work);
            if (Fits(at + 1, _tape[at].End, work[.._count], work[_count..]))
            {
                Settle(due, ofElement);
                return true;
            }
            at = _tape[at].End;
        }
        return false;
    }

    private void FindHeld(int start, int end, Span<byte> held)
    {
        held.Clear();
        foreach (var entry in _tape[start..end])
        {
            if (entry.What >= 0 && _places[entry.Field] is var place and >= 0)
            {
                held[place] = 1;
            }
        }
    }

    // The first field that makes a choice in the array: it wants a value, or is there and so cannot be missing.
    private int FirstChooser(ReadOnlySpan<byte> due, ReadOnlySpan<byte> held)
    {
        for (var place = 0; place < _count; place++)
        {
            if (held[place] != 0 && due[place] is Wanted or Either)
            {
                return place;
            }
        }
        return -1;
    }

    private static void Settle(Span<byte> due, ReadOnlySpan<byte> ofElement)
    {
        for (var place = 0; place < due.Length; place++)
        {
            if (ofElement[place] != Done)
            {
                due[place] = Done;
            }
        }
    }
}
