namespace Pipeline.Core;

public static partial class TextFormats
{
    private const int HostnameMax = 253;
    private const int LabelMax = 63;
    private const int LocalPartMax = 64;

    private static bool IsHostname(ReadOnlySpan<byte> text)
    {
        if (text.Length > HostnameMax)
        {
            return false;
        }
        foreach (var range in text.Split((byte)'.'))
        {
            var label = text[range];
            if (label.Length is 0 or > LabelMax || label[0] == '-' || label[^1] == '-' || !AreAll(label, "-"u8)
                || !HasKnownHyphens(label))
            {
                return false;
            }
        }
        return true;
    }

    // Hyphens in the third and fourth place are kept for A-labels, which are Punycode (RFC 5890, section 2.3.1).
    private static bool HasKnownHyphens(ReadOnlySpan<byte> label) =>
        label.Length < 4 || !label.Slice(2, 2).SequenceEqual("--"u8)
        || ((label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label.Length > 4);

    private static bool IsEmail(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf((byte)'@');
        if (at is < 1 or > LocalPartMax)
        {
            return false;
        }
        var domain = text[(at + 1)..];
        return IsLocalPart(text[..at])
            && (domain.StartsWith("["u8) && domain.EndsWith("]"u8)
                ? IsMailAddressLiteral(domain[1..^1])
                : IsHostname(domain));
    }

    private static bool IsLocalPart(ReadOnlySpan<byte> text)
    {
        if (text[0] == '"')
        {
            return text.Length > 1 && text[^1] == '"' && IsQuoted(text[1..^1]);
        }
        foreach (var range in text.Split((byte)'.'))
        {
            if (text[range].IsEmpty || !AreAll(text[range], "!#$%&'*+-/=?^_`{|}~"u8))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            at += text[at] == '\\' ? 1 : text[at] == '"' ? text.Length : 0;
            if (at >= text.Length || text[at] is < (byte)' ' or > (byte)'~')
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsMailAddressLiteral(ReadOnlySpan<byte> text) =>
        text.StartsWith("IPv6:"u8) ? IsIpv6(text[5..]) : IsIpv4(text);

    private static bool IsUuid(ReadOnlySpan<byte> text) =>
        text.Length == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
        && IsHex(text[..8]) && IsHex(text[9..13]) && IsHex(text[14..18]) && IsHex(text[19..23]) && IsHex(text[24..]);

    private static bool IsJsonPointer(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && text[0] != '/')
        {
            return false;
        }
        for (var tilde = text.IndexOf((byte)'~'); tilde >= 0; tilde = text.IndexOf((byte)'~'))
        {
            if (tilde + 1 >= text.Length || text[tilde + 1] is not ((byte)'0' or (byte)'1'))
            {
                return false;
            }
            text = text[(tilde + 2)..];
        }
        return true;
    }
}
