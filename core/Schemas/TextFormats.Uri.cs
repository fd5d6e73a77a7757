namespace Pipeline.Core;

public static partial class TextFormats
{
    private static bool IsUri(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || !char.IsAsciiLetter((char)text[0]) || !AreAll(text[..colon], "+-."u8))
        {
            return false;
        }
        return IsAfterScheme(text[(colon + 1)..]);
    }

    private static bool IsRelativeReference(ReadOnlySpan<byte> text)
    {
        // A colon in the first segment would make what precedes it a scheme.
        var end = text.IndexOfAny("/?#"u8);
        return !(end < 0 ? text : text[..end]).Contains((byte)':') && IsAfterScheme(text);
    }

    private static bool IsAfterScheme(ReadOnlySpan<byte> text)
    {
        var hash = text.IndexOf((byte)'#');
        if (hash >= 0)
        {
            if (!IsEncoded(text[(hash + 1)..], "-._~!$&'()*+,;=:@/?"u8))
            {
                return false;
            }
            text = text[..hash];
        }
        var question = text.IndexOf((byte)'?');
        if (question >= 0)
        {
            if (!IsEncoded(text[(question + 1)..], "-._~!$&'()*+,;=:@/?"u8))
            {
                return false;
            }
            text = text[..question];
        }
        if (text.StartsWith("//"u8))
        {
            text = text[2..];
            var slash = text.IndexOf((byte)'/');
            if (!IsAuthority(slash < 0 ? text : text[..slash]))
            {
                return false;
            }
            text = slash < 0 ? default : text[slash..];
        }
        return IsEncoded(text, "-._~!$&'()*+,;=:@/"u8);
    }

    private static bool IsAuthority(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!IsEncoded(text[..at], "-._~!$&'()*+,;=:"u8))
            {
                return false;
            }
            text = text[(at + 1)..];
        }
        var hostEnd = text.StartsWith("["u8) ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        if (hostEnd < 0)
        {
            hostEnd = text.Length;
        }
        var port = text[hostEnd..];
        var isHost = text.StartsWith("["u8)
            ? hostEnd > 0 && IsLiteralAddress(text[1..(hostEnd - 1)])
            : IsEncoded(text[..hostEnd], "-._~!$&'()*+,;="u8);
        return isHost
            && (port.IsEmpty || (port[0] == ':' && !port[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9')));
    }

    // An IPv6 address, or a future one: "v", a hexadecimal version, a dot, and anything of a host.
    private static bool IsLiteralAddress(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || (text[0] | 0x20) != 'v')
        {
            return IsIpv6(text);
        }
        var dot = text.IndexOf((byte)'.');
        return dot > 1 && IsHex(text[1..dot]) && dot + 1 < text.Length
            && AreAll(text[(dot + 1)..], "-._~!$&'()*+,;=:"u8);
    }
}
