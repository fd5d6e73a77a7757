namespace Pipeline.Core;

/// <summary>The CloudEvents attributes, extensions and members that the pipeline knows by name.</summary>
public enum EventAttribute
{
    SpecVersion,
    Id,
    Source,
    Type,
    Time,
    Data,
    Subject,
    DataContentType,
    DataSchema,
    DataRef,
    PartitionKey,
    Sequence,
    SeverityNumber,
    SeverityText,
    TraceParent,

    /// <summary>Set by Validate: the delivery's identity.</summary>
    RawPosition,

    /// <summary>Set by Enrich: the archive's partition.</summary>
    EventDate,

    /// <summary>Set by Enrich: ISO 3166-1 alpha-2.</summary>
    GeoCountry,
}
