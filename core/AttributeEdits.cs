using System.Runtime.CompilerServices;

namespace Pipeline.Core;

/// <summary>
/// One attribute to edit on an event as it is written: a string value, a position in its compact text, true, or no
/// value.
/// </summary>
/// <param name="Attribute">The attribute; an incoming value is replaced.</param>
/// <param name="Text">
/// The value, UTF-8, without quotes, in need of no escaping. Empty when <paramref name="Position"/> is the value.
/// </param>
/// <param name="Position">The value when <paramref name="Text"/> is empty.</param>
public readonly record struct AttributeEdit(EventAttribute Attribute, ReadOnlyMemory<byte> Text, Position Position)
{
    /// <summary>The value is the JSON literal true.</summary>
    public bool IsTrue { get; init; }

    /// <summary>The attribute is to have no value: neither a text nor a position nor true.</summary>
    public bool IsUnset => Text.IsEmpty && Position.Shard is null && !IsTrue;
}

/// <summary>
/// Up to <see cref="CountMax"/> attributes to set on an event: a value, so that no event costs an allocation.
/// </summary>
public struct AttributeEdits
{
    /// <summary>Most edits of one event in one filter.</summary>
    public const int CountMax = 4;

    private Four _edits;

    public int Count { get; private set; }

    public readonly AttributeEdit this[int index] => _edits[index];

    /// <summary>Sets an attribute to a text; the last setting of an attribute holds.</summary>
    /// <param name="text">UTF-8, not empty, without quotes, backslashes and control characters.</param>
    /// <exception cref="ArgumentException">The text is empty or needs escaping, or the attribute is the
    /// data.</exception>
    public void Set(EventAttribute attribute, ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty || NeedsEscaping(text.Span))
        {
            throw new ArgumentException(
                "An attribute is set to a text that is not empty and needs no escaping.", nameof(text));
        }
        Set(new AttributeEdit(attribute, text, default));
    }

    /// <summary>Sets an attribute to the compact text of a position; the last setting of an attribute holds.</summary>
    /// <exception cref="ArgumentException">The attribute is the data.</exception>
    public void Set(EventAttribute attribute, in Position position) =>
        Set(new AttributeEdit(attribute, default, position));

    /// <summary>Sets an attribute to true; the last setting of an attribute holds.</summary>
    /// <exception cref="ArgumentException">The attribute is the data.</exception>
    public void SetTrue(EventAttribute attribute) =>
        Set(new AttributeEdit(attribute, default, default) { IsTrue = true });

    /// <summary>
    /// Takes an attribute's value away: an incoming one becomes JSON null, by which CloudEvents writes an unset
    /// attribute; a missing one stays missing.
    /// </summary>
    /// <exception cref="ArgumentException">The attribute is the data.</exception>
    public void Unset(EventAttribute attribute) => Set(new AttributeEdit(attribute, default, default));

    private void Set(in AttributeEdit edit)
    {
        if (edit.Attribute == EventAttribute.Data)
        {
            throw new ArgumentException("An event's data is never edited.", nameof(edit));
        }
        var index = 0;
        while (index < Count && _edits[index].Attribute != edit.Attribute)
        {
            index++;
        }
        if (index == CountMax)
        {
            throw new InvalidOperationException("An event takes no more edits.");
        }
        _edits[index] = edit;
        Count = Math.Max(Count, index + 1);
    }

    private static bool NeedsEscaping(ReadOnlySpan<byte> text) =>
        text.ContainsAny((byte)'"', (byte)'\\') || text.ContainsAnyInRange((byte)0, (byte)0x1F);

    [InlineArray(CountMax)]
    private struct Four
    {
        private AttributeEdit _first;
    }
}
