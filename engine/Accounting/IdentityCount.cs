using System.Security.Cryptography;
using Pipeline.Engine.Storage;

namespace Pipeline.Engine.Accounting;

/// <summary>
/// Counts repeated events without holding them: 16-byte hashes of identities in sixteen files, counted file by file.
/// </summary>
public sealed class IdentityCount(EngineFiles files)
{
    private const int HashBytes = 16;
    private const int Files = 16;
    private const int BufferBytes = 64 * 1024;

    private readonly byte[][] _buffers = new byte[Files][];
    private readonly int[] _used = new int[Files];

    /// <summary>Notes an event's identity: partition key, source and id.</summary>
    public void Add(ReadOnlySpan<byte> identity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(identity, hash);
        var file = hash[0] % Files;
        var buffer = _buffers[file] ??= new byte[BufferBytes];
        if (_used[file] + HashBytes > BufferBytes)
        {
            Flush(file);
        }
        hash[..HashBytes].CopyTo(buffer.AsSpan(_used[file]));
        _used[file] += HashBytes;
    }

    /// <summary>Identities noted beyond the first of each; everything is in files afterwards.</summary>
    public long CountRepeats()
    {
        long repeats = 0;
        for (var file = 0; file < Files; file++)
        {
            Flush(file);
            if (files.Exists(NameOf(file)))
            {
                repeats += CountRepeats(files.Read(NameOf(file)));
            }
        }
        return repeats;
    }

    private static long CountRepeats(byte[] hashes)
    {
        var sorted = new UInt128[hashes.Length / HashBytes];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hashes.AsSpan(i * HashBytes));
        }
        Array.Sort(sorted);
        long repeats = 0;
        for (var i = 1; i < sorted.Length; i++)
        {
            repeats += sorted[i] == sorted[i - 1] ? 1 : 0;
        }
        return repeats;
    }

    private void Flush(int file)
    {
        if (_used[file] > 0)
        {
            using var stream = new FileStream(files.PathOf(NameOf(file)), FileMode.Append);
            stream.Write(_buffers[file], 0, _used[file]);
            _used[file] = 0;
        }
    }

    private static string NameOf(int file) => $"identities/{file:x1}.bin";
}
