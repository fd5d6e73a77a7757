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

    /// <summary>Set by Enrich: true when the event's address is on the block list.</summary>
    Blocked,
}

/// <summary>The attributes' member names in JSON: lower case without separators, as CloudEvents demands.</summary>
public static class EventAttributes
{
    /// <summary>How many attributes the pipeline knows by name.</summary>
    public const int Count = (int)EventAttribute.Blocked + 1;

    private const int NameBytesMax = 15;

    // In the order of the enum.
    private static readonly byte[][] Names =
    [
        [.. "specversion"u8],
        [.. "id"u8],
        [.. "source"u8],
        [.. "type"u8],
        [.. "time"u8],
        [.. "data"u8],
        [.. "subject"u8],
        [.. "datacontenttype"u8],
        [.. "dataschema"u8],
        [.. "dataref"u8],
        [.. "partitionkey"u8],
        [.. "sequence"u8],
        [.. "severitynumber"u8],
        [.. "severitytext"u8],
        [.. "traceparent"u8],
        [.. "rawposition"u8],
        [.. "eventdate"u8],
        [.. "geocountry"u8],
        [.. "blocked"u8],
    ];

    // Those of each length, because the length tells most names apart.
    private static readonly int[][] ByLength =
    [
        .. Enumerable.Range(0, NameBytesMax + 1)
            .Select(length => Enumerable.Range(0, Count).Where(index => Names[index].Length == length).ToArray()),
    ];

    /// <summary>The attribute's member name, UTF-8.</summary>
    public static ReadOnlySpan<byte> Name(this EventAttribute attribute) => Names[(int)attribute];

    /// <summary>The attribute of a member name; false when the pipeline does not know it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out EventAttribute attribute)
    {
        var index = IndexOf(name);
        attribute = (EventAttribute)Math.Max(index, 0);
        return index >= 0;
    }

    internal static int IndexOf(ReadOnlySpan<byte> name)
    {
        var byLength = ByLength;
        if ((uint)name.Length < (uint)byLength.Length)
        {
            foreach (var index in byLength[name.Length])
            {
                if (name.SequenceEqual(Names[index]))
                {
                    return index;
                }
            }
        }
        return -1;
    }
}
