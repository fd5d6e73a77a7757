using System.Globalization;
using System.Text;

namespace Pipeline.Core.Json;

/// <summary>JSON pointers (RFC 6901), made only when there is something to point at.</summary>
public static class JsonPointer
{
    /// <summary>
    /// Longest name in a pointer, in bytes; a longer one is cut with an ellipsis, so that errors stay small.
    /// </summary>
    public const int NameBytesMax = 256;

    /// <summary>The pointer to what stands at an offset of a scanned text: a value, or a member by its name.</summary>
    /// <param name="text">A JSON text that was scanned already.</param>
    /// <param name="offset">The offset of a value, or inside the name of a member.</param>
    /// <param name="root">The pointer of the text itself.</param>
    public static string To(ReadOnlySpan<byte> text, int offset, string root = "")
    {
        var pointer = new StringBuilder(root);
        var at = JsonWalk.SkipSpace(text, 0);
        while (at >= 0 && at < offset)
        {
            at = JsonWalk.KindAt(text, at) switch
            {
                JsonKind.Object => EnterMember(text, at, offset, pointer),
                JsonKind.Array => EnterElement(text, at, offset, pointer),
                _ => -1,
            };
        }
        return pointer.ToString();
    }

    /// <summary>Adds a name to a pointer, with <c>~</c> and <c>/</c> escaped.</summary>
    /// <param name="name">The name's content, perhaps escaped as JSON.</param>
    public static StringBuilder Append(StringBuilder pointer, ReadOnlySpan<byte> name)
    {
        using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
        var utf8 = decoded.Span;
        var end = Math.Min(utf8.Length, NameBytesMax);
        while (end < utf8.Length && (utf8[end] & 0xC0) == 0x80)
        {
            end--;
        }
        var text = Encoding.UTF8.GetString(utf8[..end])
            .Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal);
        pointer.Append('/').Append(text);
        return end < utf8.Length ? pointer.Append('…') : pointer;
    }

    private static int EnterMember(ReadOnlySpan<byte> text, int at, int offset, StringBuilder pointer)
    {
        var members = new JsonMembers(text, at);
        while (members.MoveNext())
        {
            if (offset < members.ValueStart || offset < members.ValueStart + members.Value.Length)
            {
                Append(pointer, members.Name);
                return members.ValueStart;
            }
        }
        return -1;
    }

    private static int EnterElement(ReadOnlySpan<byte> text, int at, int offset, StringBuilder pointer)
    {
        var elements = new JsonElements(text, at);
        for (var index = 0; elements.MoveNext(); index++)
        {
            if (offset < elements.ValueStart + elements.Value.Length)
            {
                pointer.Append(CultureInfo.InvariantCulture, $"/{index}");
                return elements.ValueStart;
            }
        }
        return -1;
    }
}
