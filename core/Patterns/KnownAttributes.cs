namespace Pipeline.Core;

internal static class KnownAttributes
{
    // Two quotes, a colon and a comma; the last member has no comma, but the object has two braces.
    private const int BytesAroundMember = 4;
    private const int BytesAroundObject = 1;

    private static readonly int[] BytesBesideValue =
    [
        .. Enum.GetValues<EventAttribute>().Select(attribute => attribute.Name().Length + BytesAroundMember),
    ];

    /// <summary>
    /// Whether the event's JSON holds the attributes that the pipeline knows and nothing else, not even white space
    /// between them: their bytes add up to it. False says nothing.
    /// </summary>
    internal static bool HasKnownAttributesOnly(this in Event @event)
    {
        var bytes = BytesAroundObject;
        var beside = BytesBesideValue;
        for (var attribute = 0; attribute < beside.Length; attribute++)
        {
            var length = @event.SliceOf((EventAttribute)attribute).Length;
            bytes += length == 0 ? 0 : length + beside[attribute];
        }
        return bytes == @event.Json.Length;
    }
}
