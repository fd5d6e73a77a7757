namespace Pipeline.Core;

/// <summary>
/// An event that could not be accepted, kept with all its reasons and its original bytes, so that it can be mended and
/// replayed.
/// </summary>
/// <param name="Record">The record as it was delivered to the filter that rejected it.</param>
/// <param name="Reason">Why, as a metric counts it.</param>
/// <param name="Errors">Everything found wrong, up to <see cref="Limits.ErrorsPerRowMax"/>.</param>
public sealed record BadRow(Record Record, RejectReason Reason, IReadOnlyList<EventError> Errors)
{
    /// <summary>The object that holds the original bytes, when they were too large to travel; otherwise null.</summary>
    public string? PayloadRef { get; init; }

    /// <summary>The position in the raw stream, as compact text; null when the event carries none.</summary>
    public string? RawPosition { get; init; }
}
