using System.Buffers;

namespace Pipeline.Core.Json;

/// <summary>
/// JSON values compared by what they mean: numbers by value, strings unescaped, members in any order.
/// </summary>
public static class JsonValue
{
    private const int FewMembersMax = 16;

    /// <summary>Whether two values of scanned texts are equal.</summary>
    /// <remarks>Recursion is bounded by the less deep of the two values.</remarks>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var kind = JsonWalk.KindAt(left, 0);
        if (kind != JsonWalk.KindAt(right, 0))
        {
            return false;
        }
        return kind switch
        {
            JsonKind.Number => JsonNumber.Compare(left, right) == 0,
            JsonKind.String => JsonText.TryContent(left, out var leftContent)
                && JsonText.TryContent(right, out var rightContent)
                && JsonText.AreEqual(leftContent, rightContent),
            JsonKind.Array => AreArraysEqual(left, right),
            JsonKind.Object => AreObjectsEqual(left, right),
            _ => left.SequenceEqual(right),
        };
    }

    private static bool AreArraysEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftElements = new JsonElements(left, 0);
        var rightElements = new JsonElements(right, 0);
        while (true)
        {
            var hasLeft = leftElements.MoveNext();
            var hasRight = rightElements.MoveNext();
            if (!hasLeft || !hasRight)
            {
                return hasLeft == hasRight;
            }
            if (!AreEqual(leftElements.Value, rightElements.Value))
            {
                return false;
            }
        }
    }

    private static bool AreObjectsEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        // Nearly always the members stand in one order, and then the first scalar that differs decides. Containers
        // wait, so that none is compared twice at each depth.
        var leftMembers = new JsonMembers(left, 0);
        var rightMembers = new JsonMembers(right, 0);
        while (leftMembers.MoveNext() && rightMembers.MoveNext() && leftMembers.Name.SequenceEqual(rightMembers.Name))
        {
            var isContainer = JsonWalk.KindAt(left, leftMembers.ValueStart) is JsonKind.Object or JsonKind.Array;
            if (!isContainer && !AreEqual(leftMembers.Value, rightMembers.Value))
            {
                return false;
            }
        }
        return AreObjectsEqualInAnyOrder(left, right);
    }

    // Names are unique in a scanned text, so equal counts and every left member at the right mean equal objects.
    private static bool AreObjectsEqualInAnyOrder(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var count = CountMembers(left);
        if (count != CountMembers(right))
        {
            return false;
        }
        if (count > FewMembersMax)
        {
            return AreLargeObjectsEqual(left, right, count);
        }
        var members = new JsonMembers(left, 0);
        while (members.MoveNext())
        {
            if (!HasEqualMember(right, members.Name, members.Value))
            {
                return false;
            }
        }
        return true;
    }

    // Both sorted by the hashes of their names, so that the order of the members costs no more than n log n.
    private static bool AreLargeObjectsEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int count)
    {
        var leftMembers = ArrayPool<(ulong Name, int NameAt, int At)>.Shared.Rent(count);
        var rightMembers = ArrayPool<(ulong Name, int NameAt, int At)>.Shared.Rent(count);
        ListMembers(left, leftMembers);
        ListMembers(right, rightMembers);
        var areEqual = true;
        for (var index = 0; index < count && areEqual; index++)
        {
            var (name, nameAt, at) = leftMembers[index];
            // Names that share a hash are few: the key of the hash is secret.
            var match = index;
            while (match > 0 && rightMembers[match - 1].Name == name)
            {
                match--;
            }
            while (match < count && rightMembers[match].Name == name
                && !JsonText.AreEqual(NameAt(left, nameAt), NameAt(right, rightMembers[match].NameAt)))
            {
                match++;
            }
            areEqual = match < count && rightMembers[match].Name == name
                && AreEqual(ValueAt(left, at), ValueAt(right, rightMembers[match].At));
        }
        ArrayPool<(ulong Name, int NameAt, int At)>.Shared.Return(leftMembers);
        ArrayPool<(ulong Name, int NameAt, int At)>.Shared.Return(rightMembers);
        return areEqual;
    }

    private static void ListMembers(ReadOnlySpan<byte> text, (ulong Name, int NameAt, int At)[] list)
    {
        var count = 0;
        var members = new JsonMembers(text, 0);
        while (members.MoveNext())
        {
            list[count++] = (JsonHash.OfText(members.Name), members.NameStart, members.ValueStart);
        }
        list.AsSpan(0, count).Sort();
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> text, int at) =>
        text[at..(JsonWalk.SkipString(text, at - 1) - 1)];

    private static ReadOnlySpan<byte> ValueAt(ReadOnlySpan<byte> text, int at) =>
        text[at..JsonWalk.SkipValue(text, at)];

    private static bool HasEqualMember(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var members = new JsonMembers(text, 0);
        while (members.MoveNext())
        {
            if (JsonText.AreEqual(members.Name, name))
            {
                return AreEqual(members.Value, value);
            }
        }
        return false;
    }

    private static int CountMembers(ReadOnlySpan<byte> text)
    {
        var members = new JsonMembers(text, 0);
        var count = 0;
        while (members.MoveNext())
        {
            count++;
        }
        return count;
    }
}
