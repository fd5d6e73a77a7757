using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace Pipeline.Core;

/// <summary>
/// The way of a line too large to travel: its bytes are stored as an object, and a small event with <c>dataref</c> goes to
/// <c>raw</c> in its place, which Validate makes a bad row that names the object. So it is recoverable, and never cut.
/// </summary>
public static class Oversize
{
    /// <summary>The prefix of the stored lines.</summary>
    public const string Prefix = "oversize/";

    private const int HashDigits = 64;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The object's key: the prefix and the SHA-256 of the line, so that the same line is stored once.</summary>
    public static string Key(ReadOnlySpan<byte> line) => Prefix + Convert.ToHexStringLower(SHA256.HashData(line));

    /// <summary>The event that travels instead.</summary>
    /// <param name="key">The object's key.</param>
    /// <param name="observed">When the line was read.</param>
    public static byte[] Reference(string key, DateTimeOffset observed)
    {
        var time = observed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return System.Text.Encoding.UTF8.GetBytes(
            $$"""{"specversion":"1.0","id":"{{key[Prefix.Length..]}}","source":"/oversize","type":"pipeline.oversize","""
            + $"\"time\":\"{time}\",\"dataref\":\"{key}\",\"data\":{{}}}}");
    }

    /// <summary>Whether the event stands for a stored line, and for which object.</summary>
    public static bool TryRead(in Event @event, out string? key)
    {
        key = @event.Has(EventAttribute.DataRef) ? @event.Text(EventAttribute.DataRef) : null;
        if (key?.Length == Prefix.Length + HashDigits && key.StartsWith(Prefix, StringComparison.Ordinal)
            && !key.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits))
        {
            return true;
        }
        key = null;
        return false;
    }
}
