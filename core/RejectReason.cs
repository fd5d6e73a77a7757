namespace Pipeline.Core;

/// <summary>Why an event became a bad row. Bounded: each value is a metric.</summary>
public enum RejectReason
{
    /// <summary>The bytes are not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>
    /// The text is not one JSON object (RFC 8259): a BOM, a lone surrogate, NaN, a trailing comma, a second text.
    /// </summary>
    InvalidJson,

    /// <summary>An object names a member twice, at any depth.</summary>
    DuplicateName,

    /// <summary>The JSON nests deeper than <see cref="Limits.EventDepthMax"/>.</summary>
    TooDeep,

    /// <summary>A CloudEvents attribute is missing or of the wrong form.</summary>
    InvalidEvent,

    /// <summary>The event's type has no schema.</summary>
    UnknownType,

    /// <summary>The event's type has schemas, but none of the version that its <c>dataschema</c> names.</summary>
    UnknownVersion,

    /// <summary>The event's data breaks the schema of its type.</summary>
    InvalidData,

    /// <summary>The event is larger than <see cref="Limits.EventBytesMax"/>.</summary>
    TooLarge,

    /// <summary>The record starts as a pack but is none: checksum, lengths or indices are wrong.</summary>
    BrokenPack,

    /// <summary>The event asks for a command that its queue will never take: too large, or refused.</summary>
    Undeliverable,

    /// <summary>A filter failed on the event: a bug of ours, alarmed.</summary>
    Defect,
}

/// <summary>The names of reject reasons in bad rows, metrics and summaries.</summary>
public static class RejectReasonNames
{
    /// <summary>The reason's name: kebab case, stable.</summary>
    public static string Name(this RejectReason reason) => reason switch
    {
        RejectReason.InvalidUtf8 => "invalid-utf8",
        RejectReason.InvalidJson => "invalid-json",
        RejectReason.DuplicateName => "duplicate-name",
        RejectReason.TooDeep => "too-deep",
        RejectReason.InvalidEvent => "invalid-event",
        RejectReason.UnknownType => "unknown-type",
        RejectReason.UnknownVersion => "unknown-version",
        RejectReason.InvalidData => "invalid-data",
        RejectReason.TooLarge => "too-large",
        RejectReason.BrokenPack => "broken-pack",
        RejectReason.Undeliverable => "undeliverable",
        RejectReason.Defect => "defect",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reject reason without a name."),
    };
}
