namespace Pipeline.Core;

internal static class KnownAttributes
{
    // Two quotes, a colon and a comma; the last member has no comma, but the object has two braces.
    private const int BytesAroundMember = 4;
    private const int BytesAroundObject = 1;

    /// <summary>
    /// Whether the event's JSON holds the attributes that the pipeline knows and nothing else, not even white space
    /// between them: their bytes add up to it. False says nothing.
    /// </summary>
    internal static bool HasKnownAttributesOnly(this in Event @event)
    {
        var bytes = BytesAroundObject;
        for (var attribute = EventAttribute.SpecVersion; (int)attribute < EventAttributes.Count; attribute++)
        {
            var length = @event.SliceOf(attribute).Length;
            bytes += length == 0 ? 0 : length + attribute.Name().Length + BytesAroundMember;
        }
        return bytes == @event.Json.Length;
    }
}
