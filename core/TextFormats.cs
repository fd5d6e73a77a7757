namespace Pipeline.Core;

/// <summary>The formats of strings that a schema can demand.</summary>
public enum TextFormat
{
    /// <summary>RFC 3339, section 5.6.</summary>
    DateTime,

    /// <summary>RFC 2673, section 3.2: four decimal numbers without leading zeros.</summary>
    Ipv4,

    /// <summary>RFC 4291, section 2.2; without a zone.</summary>
    Ipv6,

    /// <summary>RFC 3986: with a scheme.</summary>
    Uri,
}

/// <summary>Checks of string formats on UTF-8, by the grammars of their RFCs.</summary>
public static class TextFormats
{
    private const int Ipv6Groups = 8;

    /// <summary>The formats by their names in JSON Schema.</summary>
    public static IReadOnlyDictionary<string, TextFormat> ByName { get; } =
        new Dictionary<string, TextFormat>(StringComparer.Ordinal)
        {
            ["date-time"] = TextFormat.DateTime,
            ["ipv4"] = TextFormat.Ipv4,
            ["ipv6"] = TextFormat.Ipv6,
            ["uri"] = TextFormat.Uri,
        };

    /// <summary>Whether a text has a format.</summary>
    public static bool Is(TextFormat format, ReadOnlySpan<byte> text) => format switch
    {
        TextFormat.DateTime => Rfc3339.Parse(text, out _) != Rfc3339Status.Malformed,
        TextFormat.Ipv4 => IsIpv4(text),
        TextFormat.Ipv6 => IsIpv6(text),
        TextFormat.Uri => IsUri(text),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "A format without a check."),
    };

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        for (var part = 0; part < 4; part++)
        {
            var dot = text.IndexOf((byte)'.');
            if ((dot < 0) != (part == 3))
            {
                return false;
            }
            var digits = dot < 0 ? text : text[..dot];
            if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || (digits.Length > 1 && digits[0] == '0')
                || (digits.Length == 3 && digits.SequenceCompareTo("255"u8) > 0))
            {
                return false;
            }
            text = dot < 0 ? default : text[(dot + 1)..];
        }
        return true;
    }

    private static bool IsIpv6(ReadOnlySpan<byte> text)
    {
        var gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return CountIpv6Groups(text, isLast: true) == Ipv6Groups;
        }
        var before = gap == 0 ? 0 : CountIpv6Groups(text[..gap], isLast: false);
        var after = gap + 2 == text.Length ? 0 : CountIpv6Groups(text[(gap + 2)..], isLast: true);
        return before >= 0 && after >= 0 && before + after < Ipv6Groups;
    }

    // The 16-bit groups that a part without "::" stands for, an IPv4 address at the end being two; -1 when it is wrong.
    private static int CountIpv6Groups(ReadOnlySpan<byte> text, bool isLast)
    {
        var groups = 0;
        while (groups <= Ipv6Groups)
        {
            var colon = text.IndexOf((byte)':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && isLast && IsIpv4(group))
            {
                return groups + 2;
            }
            if (group.Length is 0 or > 4 || !IsHex(group))
            {
                return -1;
            }
            groups++;
            if (colon < 0)
            {
                return groups;
            }
            text = text[(colon + 1)..];
        }
        return -1;
    }

    private static bool IsUri(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || !char.IsAsciiLetter((char)text[0]) || !AreAll(text[..colon], "+-."u8))
        {
            return false;
        }
        text = text[(colon + 1)..];
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

    // Letters, digits, the marks given, and percent-encoded bytes.
    private static bool IsEncoded(ReadOnlySpan<byte> text, ReadOnlySpan<byte> marks)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%')
            {
                if (at + 2 >= text.Length || !IsHex(text.Slice(at + 1, 2)))
                {
                    return false;
                }
                at += 2;
            }
            else if (!char.IsAsciiLetterOrDigit((char)text[at]) && !marks.Contains(text[at]))
            {
                return false;
            }
        }
        return true;
    }

    private static bool AreAll(ReadOnlySpan<byte> text, ReadOnlySpan<byte> marks)
    {
        foreach (var value in text)
        {
            if (!char.IsAsciiLetterOrDigit((char)value) && !marks.Contains(value))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (!char.IsAsciiHexDigit((char)value))
            {
                return false;
            }
        }
        return true;
    }
}
