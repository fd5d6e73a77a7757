using System.Runtime.InteropServices;

namespace Pipeline.Functions.Adapters;

/// <summary>Bytes as the stream that a client of AWS takes.</summary>
internal static class ByteStream
{
    /// <summary>Reads an array in place, and lets its buffer be had; other memory is copied.</summary>
    public static MemoryStream Over(ReadOnlyMemory<byte> bytes)
    {
        if (!MemoryMarshal.TryGetArray(bytes, out var array))
        {
            array = bytes.ToArray();
        }
        return new MemoryStream(array.Array!, array.Offset, array.Count, writable: false, publiclyVisible: true);
    }
}
