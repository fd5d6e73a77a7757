using System.Collections;

namespace Pipeline.Core;

/// <summary>
/// One thing that is wrong with an event: where (a JSON pointer, "" for the whole) and what, in a sentence.
/// </summary>
public readonly record struct EventError(string Pointer, string Message);

/// <summary>
/// The errors of one event, in the order found, at most <see cref="Limits.ErrorsPerRowMax"/>; reused from event to
/// event.
/// </summary>
public sealed class EventErrors : IReadOnlyList<EventError>
{
    private readonly List<EventError> _errors = [];

    public int Count => _errors.Count;

    public EventError this[int index] => _errors[index];

    /// <summary>True when further errors would not be kept, so that a validator may stop.</summary>
    public bool IsFull => _errors.Count >= Limits.ErrorsPerRowMax;

    /// <summary>Keeps an error, unless the list is full.</summary>
    public void Add(string pointer, string message)
    {
        if (!IsFull)
        {
            _errors.Add(new EventError(pointer, message));
        }
    }

    public void Clear() => _errors.Clear();

    public IEnumerator<EventError> GetEnumerator() => _errors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
