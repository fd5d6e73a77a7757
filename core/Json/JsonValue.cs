namespace Pipeline.Core.Json;

/// <summary>
/// JSON values compared by what they mean: numbers by value, strings unescaped, members in any order.
/// </summary>
public static class JsonValue
{
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

    // Names are unique in a scanned text, so equal counts and every left member at the right mean equal objects.
    private static bool AreObjectsEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (CountMembers(left) != CountMembers(right))
        {
            return false;
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
