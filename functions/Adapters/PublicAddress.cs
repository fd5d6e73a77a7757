using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Functions.Adapters;

/// <summary>Reads public IP addresses; one that is malformed, private or reserved is not read.</summary>
/// <remarks>
/// Strict: four decimal numbers without leading zeros, or IPv6 as RFC 4291 writes it. Sources of the ranges: the IANA
/// special-purpose address registries.
/// </remarks>
public static class PublicAddress
{
    private const int TextMax = 45;
    private static readonly SearchValues<byte> V6Characters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private static readonly (uint First, int Bits)[] ReservedV4 =
    [
        (0x00000000, 8), (0x0A000000, 8), (0x64400000, 10), (0x7F000000, 8), (0xA9FE0000, 16), (0xAC100000, 12),
        (0xC0000000, 24), (0xC0000200, 24), (0xC0A80000, 16), (0xC6120000, 15), (0xC6336400, 24), (0xCB007100, 24),
        (0xE0000000, 3),
    ];

    /// <summary>IPv4 addresses live here (RFC 4291, IPv4-mapped), so that one number holds either family.</summary>
    private static readonly UInt128 MappedV4 = (UInt128)0xFFFF << 32;

    /// <summary>Reads a JSON value: a string of one public address.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out UInt128 address) =>
        TryParse(json, out address, out var isPublic) && isPublic;

    /// <summary>Reads a JSON value: a string of one address, and whether that is public.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out UInt128 address, out bool isPublic)
    {
        address = default;
        isPublic = false;
        if (json.Length is < 4 or > TextMax + 2 || json[0] != '"')
        {
            return false;
        }
        var text = json[1..^1];
        if (TryParseV4(text, out var v4))
        {
            address = MappedV4 | v4;
            isPublic = IsPublic(v4);
            return true;
        }
        if (!text.Contains((byte)':') || !TryParseV6(text, out address))
        {
            return false;
        }
        isPublic = IsPublic(address);
        return true;
    }

    /// <summary>The address as .NET writes it.</summary>
    public static IPAddress ToIPAddress(UInt128 address)
    {
        if (address >> 32 == 0xFFFF)
        {
            Span<byte> v4 = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(v4, (uint)address);
            return new IPAddress(v4);
        }
        Span<byte> v6 = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(v6, address);
        return new IPAddress(v6);
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var part = 0; part < 4; part++)
        {
            var end = text.IndexOf((byte)'.');
            var digits = end < 0 ? text : text[..end];
            if (end < 0 != (part == 3) || digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }
            var value = 0;
            foreach (var digit in digits)
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }
                value = (value * 10) + digit - '0';
            }
            if (value > 255)
            {
                return false;
            }
            address = (address << 8) | (uint)value;
            text = end < 0 ? default : text[(end + 1)..];
        }
        return true;
    }

    private static bool TryParseV6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        if (text.ContainsAnyExcept(V6Characters))
        {
            return false;
        }
        Span<char> characters = stackalloc char[TextMax];
        if (!IPAddress.TryParse(characters[..Encoding.ASCII.GetChars(text, characters)], out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    private static bool IsPublic(uint address)
    {
        foreach (var (first, bits) in ReservedV4)
        {
            if ((address ^ first) >> (32 - bits) == 0)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Global unicast 2000::/3 without documentation, benchmarking, ORCHID and discard; a mapped IPv4 address as IPv4.
    /// </summary>
    private static bool IsPublic(UInt128 address)
    {
        if (address >> 32 == 0xFFFF)
        {
            return IsPublic((uint)address);
        }
        var high = (uint)(address >> 96);
        return high >> 29 == 1
            && high != 0x20010DB8
            && high >> 12 != 0x3FFF0
            && !(high == 0x20010002 && (ushort)(address >> 80) == 0)
            && high >> 4 is not (0x2001001 or 0x2001002);
    }
}
