using System.Runtime.CompilerServices;

namespace Pipeline.Core;

/// <summary>One attribute to set on an event as it is written: a string value, or a position in its compact text.</summary>
/// <param name="Attribute">The attribute; an incoming value is replaced.</param>
/// <param name="Text">The value, UTF-8, without quotes, in need of no escaping. Empty when <paramref name="Position"/> is the value.</param>
/// <param name="Position">The value when <paramref name="Text"/> is empty.</param>
public readonly record struct AttributeEdit(EventAttribute Attribute, ReadOnlyMemory<byte> Text, Position Position);

/// <summary>Up to <see cref="CountMax"/> attributes to set on an event: a value, so that no event costs an allocation.</summary>
public struct AttributeEdits
{
    /// <summary>Most edits of one event in one filter.</summary>
    public const int CountMax = 4;

    private Four _edits;

    public int Count { get; private set; }

    public readonly AttributeEdit this[int index] => _edits[index];

    /// <summary>Sets an attribute to a text that needs no escaping in JSON.</summary>
    public void Set(EventAttribute attribute, ReadOnlyMemory<byte> text) => _edits[Count++] = new(attribute, text, default);

    /// <summary>Sets an attribute to the compact text of a position.</summary>
    public void Set(EventAttribute attribute, in Position position) => _edits[Count++] = new(attribute, default, position);

    [InlineArray(CountMax)]
    private struct Four
    {
        private AttributeEdit _first;
    }
}
