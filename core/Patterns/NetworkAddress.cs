using System.Buffers.Binary;

namespace Pipeline.Core;

/// <summary>An IP address as a number: 32 bits for IPv4, 128 for IPv6.</summary>
/// <remarks>
/// IPv6 in hexadecimal groups only, without a zone. An IPv4-mapped IPv6 address is the IPv4 address.
/// </remarks>
internal readonly record struct NetworkAddress(UInt128 Bits, bool IsIPv6)
{
    private const int GroupCount = 8;

    // Longer text may still be an address with leading zeros; nobody writes one.
    private const int TextBytesMax = 64;

    internal int BitCount => IsIPv6 ? 128 : 32;

    internal static bool TryParse(ReadOnlySpan<byte> text, out NetworkAddress address)
    {
        address = default;
        if (text.Length is < 2 or > TextBytesMax || !IsStart(text[0]))
        {
            return false;
        }
        return text.Contains((byte)':') ? TryParseV6(text, out address) : TryParseV4(text, out address);
    }

    /// <summary>The lowest address of the network with a mask of so many bits.</summary>
    internal NetworkAddress Network(int maskBits)
    {
        var low = BitCount - maskBits;
        return this with { Bits = low >= 128 ? 0 : Bits >> low << low };
    }

    private static bool IsStart(byte first) => char.IsAsciiHexDigit((char)first) || first == ':';

    private static bool TryParseV4(ReadOnlySpan<byte> text, out NetworkAddress address)
    {
        address = default;
        var bits = 0U;
        var parts = 0;
        var value = -1;
        foreach (var next in text)
        {
            if (next == '.')
            {
                if (value < 0 || ++parts > 3)
                {
                    return false;
                }
                bits = (bits << 8) | (uint)value;
                value = -1;
                continue;
            }
            if (!char.IsAsciiDigit((char)next))
            {
                return false;
            }
            value = (Math.Max(value, 0) * 10) + (next - '0');
            if (value > byte.MaxValue)
            {
                return false;
            }
        }
        address = new NetworkAddress((bits << 8) | (uint)Math.Max(value, 0), IsIPv6: false);
        return parts == 3 && value >= 0;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> text, out NetworkAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[2 * GroupCount];
        var groups = 0;
        var gap = -1;
        var at = 0;
        if (text[0] == ':')
        {
            if (text[1] != ':')
            {
                return false;
            }
            gap = 0;
            at = 2;
        }
        while (at < text.Length)
        {
            if (groups == GroupCount || !TryReadGroup(text, ref at, out var group))
            {
                return false;
            }
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(2 * groups++)..], group);
            if (at == text.Length)
            {
                break;
            }
            at++;
            if (at == text.Length)
            {
                return false;
            }
            if (text[at] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }
                gap = groups;
                at++;
            }
        }
        return TryPlace(bytes, groups, gap, out address);
    }

    // One to four hexadecimal digits, up to a colon or the end.
    private static bool TryReadGroup(ReadOnlySpan<byte> text, ref int at, out ushort group)
    {
        group = 0;
        var start = at;
        while (at < text.Length && at - start < 4 && char.IsAsciiHexDigit((char)text[at]))
        {
            group = (ushort)((group << 4) | ((text[at] & 0xF) + (text[at] > '9' ? 9 : 0)));
            at++;
        }
        return at > start && (at == text.Length || text[at] == ':');
    }

    // Moves the groups behind the gap to the end.
    private static bool TryPlace(Span<byte> bytes, int groups, int gap, out NetworkAddress address)
    {
        address = default;
        if (gap < 0 ? groups != GroupCount : groups == GroupCount)
        {
            return false;
        }
        if (gap >= 0)
        {
            var tail = bytes[(2 * gap)..(2 * groups)];
            tail.CopyTo(bytes[^tail.Length..]);
            bytes[(2 * gap)..^tail.Length].Clear();
        }
        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        var isMapped = bits >> 32 == 0xFFFF;
        address = isMapped ? new NetworkAddress((uint)bits, IsIPv6: false) : new NetworkAddress(bits, IsIPv6: true);
        return true;
    }
}

/// <summary>A block of addresses.</summary>
internal readonly record struct AddressBlock(NetworkAddress Network, int MaskBits)
{
    internal bool Contains(NetworkAddress address) =>
        address.IsIPv6 == Network.IsIPv6 && address.Network(MaskBits) == Network;
}
