using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pipeline.Core;

/// <summary>
/// MD5 (RFC 1321), which Kinesis uses to place keys and KPL packs use as their checksum. No security rests on it.
/// </summary>
/// <remarks>
/// Our own because a call of the platform's costs 450 ns however short the message, four times as much, and because it
/// cannot hash several packs side by side (<see cref="Md5Many"/>). It also keeps the cryptographic library, and the
/// time it takes to load, out of the functions.
/// </remarks>
internal static class Md5
{
    public const int DigestBytes = 16;
    public const int BlockBytes = 64;

    /// <summary>Most bytes of a message's last, padded part: two blocks.</summary>
    public const int TailBytesMax = 2 * BlockBytes;

    /// <summary>Hashes a message.</summary>
    /// <param name="message">Any bytes.</param>
    /// <param name="digest">At least <see cref="DigestBytes"/> bytes.</param>
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> digest) => Write(HashState(message), digest);

    /// <summary>Writes a final state as the digest it is.</summary>
    public static void Write(in Md5State<OneLane> state, Span<byte> digest)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(digest, state.A.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[4..], state.B.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[8..], state.C.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(digest[12..], state.D.Value);
    }

    /// <summary>The digest's first 32 bits as a big-endian number: the top of a Kinesis hash key.</summary>
    public static uint First32Bits(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReverseEndianness(HashState(message).A.Value);

    /// <summary>Writes what is left of a message after its whole blocks, padded.</summary>
    /// <param name="rest">The message's last <c>totalBytes % 64</c> bytes.</param>
    /// <param name="totalBytes">The whole message's length.</param>
    /// <param name="tail"><see cref="TailBytesMax"/> bytes.</param>
    /// <returns>The tail's length: one or two blocks.</returns>
    public static int WriteTail(ReadOnlySpan<byte> rest, long totalBytes, Span<byte> tail)
    {
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var length = rest.Length < BlockBytes - sizeof(ulong) ? BlockBytes : TailBytesMax;
        BinaryPrimitives.WriteUInt64LittleEndian(tail[(length - sizeof(ulong))..], (ulong)totalBytes * 8);
        return length;
    }

    /// <summary>Takes whole blocks into a state.</summary>
    public static void Compress(ref Md5State<OneLane> state, ReadOnlySpan<byte> blocks)
    {
        Span<OneLane> words = stackalloc OneLane[Md5Block<OneLane>.WordCount];
        var bytes = MemoryMarshal.AsBytes(words);
        for (; blocks.Length >= BlockBytes; blocks = blocks[BlockBytes..])
        {
            blocks[..BlockBytes].CopyTo(bytes);
            if (!BitConverter.IsLittleEndian)
            {
                var numbers = MemoryMarshal.Cast<OneLane, uint>(words);
                BinaryPrimitives.ReverseEndianness(numbers, numbers);
            }
            Md5Block<OneLane>.Compress(ref state, ref words[0]);
        }
    }

    private static Md5State<OneLane> HashState(ReadOnlySpan<byte> message)
    {
        Span<byte> tail = stackalloc byte[TailBytesMax];
        var whole = message.Length & ~(BlockBytes - 1);
        var tailLength = WriteTail(message[whole..], message.Length, tail);
        var state = Md5Block<OneLane>.Start;
        Compress(ref state, message[..whole]);
        Compress(ref state, tail[..tailLength]);
        return state;
    }
}
