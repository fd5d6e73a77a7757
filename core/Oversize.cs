using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Pipeline.Core;

/// <summary>
/// The way of a line too large to travel: its bytes are stored as an object, and a small event with <c>dataref</c> goes
/// to <c>raw</c> in its place, which Validate makes a bad row that names the object. So it is recoverable, and never
/// cut.
/// </summary>
public static class Oversize
{
    /// <summary>The prefix of the stored lines.</summary>
    public const string Prefix = "oversize/";

    private const int HashDigits = 64;
    private const string Source = "/oversize";
    private const string Type = "pipeline.oversize";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// The object's key: the prefix and the SHA-256 of the line, so that the same line is stored once.
    /// </summary>
    public static string Key(ReadOnlySpan<byte> line) => Prefix + Convert.ToHexStringLower(SHA256.HashData(line));

    /// <summary>The event that travels instead.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="observed">When the line was read.</param>
    public static byte[] Reference(string key, DateTimeOffset observed)
    {
        var time = observed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return System.Text.Encoding.UTF8.GetBytes(
            $$"""{"specversion":"1.0","id":"{{key[Prefix.Length..]}}","source":"{{Source}}","type":"{{Type}}","""
            + $"\"time\":\"{time}\",\"dataref\":\"{key}\",\"data\":{{}}}}");
    }

    /// <summary>Whether the event stands for a stored line, and for which object.</summary>
    /// <remarks>
    /// Only an event as <see cref="Reference"/> makes it does: any other that names such an object in its
    /// <c>dataref</c> is an event like any other, whose own bytes must not give way to the name.
    /// </remarks>
    public static bool TryRead(in Event @event, out string? key)
    {
        key = null;
        if (!@event.Has(EventAttribute.DataRef)
            || @event.Text(EventAttribute.Type) != Type
            || @event.Text(EventAttribute.Source) != Source
            || !@event.Raw(EventAttribute.Data).SequenceEqual("{}"u8)
            || @event.Text(EventAttribute.DataRef) is not { } name
            || name.Length != Prefix.Length + HashDigits
            || !name.StartsWith(Prefix, StringComparison.Ordinal)
            || name.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits)
            || !name.AsSpan(Prefix.Length).SequenceEqual(@event.Text(EventAttribute.Id)))
        {
            return false;
        }
        key = name;
        return true;
    }
}
