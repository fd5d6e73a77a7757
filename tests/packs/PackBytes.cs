using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;

namespace Pipeline.Tests.Packs;

/// <summary>Packs put together field by field, right or wrong.</summary>
internal static class PackBytes
{
    public static byte[] Magic => [0xF3, 0x89, 0x9A, 0xC2];

    /// <summary>A blob of these message parts, with the checksum that belongs to them.</summary>
    public static byte[] Blob(params byte[][] message)
    {
        var bytes = message.SelectMany(part => part).ToArray();
        return [.. Magic, .. bytes, .. MD5.HashData(bytes)];
    }

    public static byte[] PartitionKey(string key) => Field(1, Encoding.UTF8.GetBytes(key));

    public static byte[] HashKey(string key) => Field(2, Encoding.UTF8.GetBytes(key));

    public static byte[] Record(params byte[][] fields) => Field(3, fields.SelectMany(part => part).ToArray());

    public static byte[] KeyIndex(ulong index) => [1 << 3, .. Varint(index)];

    public static byte[] HashKeyIndex(ulong index) => [2 << 3, .. Varint(index)];

    public static byte[] Data(string text) => Field(3, Encoding.UTF8.GetBytes(text));

    public static byte[] Field(int number, byte[] content) =>
        [.. Varint((ulong)(number << 3 | 2)), .. Varint((ulong)content.Length), .. content];

    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }
        bytes.Add((byte)value);
        return [.. bytes];
    }

    /// <summary>The sub-records of a pack as <c>key=data</c>.</summary>
    public static string[] Texts(PackReader reader, byte[] blob) => [.. reader.Slices.ToArray().Select(slice =>
        Encoding.UTF8.GetString(blob, slice.PartitionKeyStart, slice.PartitionKeyLength)
        + "=" + Encoding.UTF8.GetString(blob, slice.DataStart, slice.DataLength))];
}
