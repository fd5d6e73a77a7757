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

    /// <summary>RFC 3986: a URI, or a reference relative to one.</summary>
    UriReference,

    /// <summary>RFC 3339, section 5.6: <c>full-date</c>.</summary>
    Date,

    /// <summary>RFC 3339, section 5.6: <c>full-time</c>; second 60 where it can be a leap second.</summary>
    Time,

    /// <summary>RFC 3339, appendix A.</summary>
    Duration,

    /// <summary>RFC 5321, section 4.1.2: <c>Mailbox</c>, in ASCII.</summary>
    Email,

    /// <summary>RFC 1123, section 2.1: labels of at most 63 characters, 253 in all.</summary>
    Hostname,

    /// <summary>RFC 4122, section 3.</summary>
    Uuid,

    /// <summary>RFC 6901, section 3; not its form as a URI fragment.</summary>
    JsonPointer,

    /// <summary>ECMA-262, with the flag u.</summary>
    Regex,
}

/// <summary>Checks of string formats on UTF-8, by the grammars of their RFCs.</summary>
public static partial class TextFormats
{
    private const int Ipv6Groups = 8;

    /// <summary>The formats by their names in JSON Schema.</summary>
    public static IReadOnlyDictionary<string, TextFormat> ByName { get; } =
        new Dictionary<string, TextFormat>(StringComparer.Ordinal)
        {
            ["date-time"] = TextFormat.DateTime,
            ["date"] = TextFormat.Date,
            ["time"] = TextFormat.Time,
            ["duration"] = TextFormat.Duration,
            ["ipv4"] = TextFormat.Ipv4,
            ["ipv6"] = TextFormat.Ipv6,
            ["uri"] = TextFormat.Uri,
            ["uri-reference"] = TextFormat.UriReference,
            ["email"] = TextFormat.Email,
            ["hostname"] = TextFormat.Hostname,
            ["uuid"] = TextFormat.Uuid,
            ["json-pointer"] = TextFormat.JsonPointer,
            ["regex"] = TextFormat.Regex,
        };

    /// <summary>Whether a text has a format.</summary>
    public static bool Is(TextFormat format, ReadOnlySpan<byte> text) => format switch
    {
        TextFormat.DateTime => Rfc3339.Parse(text, out _) != Rfc3339Status.Malformed,
        TextFormat.Ipv4 => IsIpv4(text),
        TextFormat.Ipv6 => IsIpv6(text),
        TextFormat.Uri => IsUri(text),
        TextFormat.UriReference => IsUri(text) || IsRelativeReference(text),
        TextFormat.Date => IsDate(text),
        TextFormat.Time => IsTime(text),
        TextFormat.Duration => IsDuration(text),
        TextFormat.Email => IsEmail(text),
        TextFormat.Hostname => IsHostname(text),
        TextFormat.Uuid => IsUuid(text),
        TextFormat.JsonPointer => IsJsonPointer(text),
        TextFormat.Regex => SchemaPatternSyntax.IsValid(text),
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
