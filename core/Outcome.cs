using Pipeline.Core.Commands;

namespace Pipeline.Core;

/// <summary>The ways an event can leave a filter.</summary>
public enum OutcomeKind
{
    /// <summary>The event goes on, perhaps with attributes set.</summary>
    Emit,

    /// <summary>The event asks for something to be done.</summary>
    Request,

    /// <summary>The event ends here on purpose.</summary>
    Drop,

    /// <summary>The event becomes a bad row.</summary>
    Reject,
}

/// <summary>What a filter decided about one event.</summary>
public readonly struct Outcome
{
    private Outcome(OutcomeKind kind) => Kind = kind;

    public OutcomeKind Kind { get; private init; }

    /// <summary>
    /// The event that goes on or asks; meaningful for <see cref="OutcomeKind.Emit"/> and
    /// <see cref="OutcomeKind.Request"/>.
    /// </summary>
    public Event Event { get; private init; }

    /// <summary>The attributes to set on it as it is written.</summary>
    public AttributeEdits Edits { get; private init; }

    /// <summary>What is to be done; set for <see cref="OutcomeKind.Request"/>.</summary>
    public Command? Command { get; private init; }

    /// <summary>Meaningful for <see cref="OutcomeKind.Drop"/>.</summary>
    public DropReason DropReason { get; private init; }

    /// <summary>Set for <see cref="OutcomeKind.Reject"/>.</summary>
    public BadRow? BadRow { get; private init; }

    /// <summary>The event goes on as it is.</summary>
    public static Outcome Emit(in Event @event) => new(OutcomeKind.Emit) { Event = @event };

    /// <summary>The event goes on with attributes set; its other bytes stay as they are.</summary>
    public static Outcome Emit(in Event @event, in AttributeEdits edits) =>
        new(OutcomeKind.Emit) { Event = @event, Edits = edits };

    /// <summary>The event asks for something to be done; whoever sends the command knows how it gets there.</summary>
    public static Outcome Request(in Event @event, Command command) =>
        new(OutcomeKind.Request) { Event = @event, Command = command };

    /// <summary>The event ends here on purpose.</summary>
    public static Outcome Drop(DropReason reason) => new(OutcomeKind.Drop) { DropReason = reason };

    /// <summary>The event becomes a bad row.</summary>
    public static Outcome Reject(BadRow row) => new(OutcomeKind.Reject) { BadRow = row };
}
