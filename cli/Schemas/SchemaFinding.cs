namespace Pipeline.Cli.Schemas;

/// <summary>Something that a change of a schema means for events that the old one allowed.</summary>
/// <param name="File">The new file, or the old one when there is no new one.</param>
/// <param name="Pointer">A JSON pointer into the new file; "" for the whole.</param>
/// <param name="IsBreaking">
/// Whether events that were valid may now be invalid; else it is so only for events with members that no one had
/// described.
/// </param>
/// <param name="Message">What changed, in a sentence.</param>
internal sealed record SchemaFinding(string File, string Pointer, bool IsBreaking, string Message);
