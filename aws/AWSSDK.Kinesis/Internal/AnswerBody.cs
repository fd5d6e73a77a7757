using System.Buffers;

namespace Amazon.Kinesis.Internal;

/// <summary>The whole body of an answer, in a pooled buffer.</summary>
internal readonly struct AnswerBody : IDisposable
{
    private const int BytesUsual = 16 * 1024;

    private readonly byte[] _buffer;
    private readonly int _length;

    private AnswerBody(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads to the end of a stream.</summary>
    /// <param name="announced">How long it is said to be; less than 1 when nobody knows.</param>
    public static AnswerBody Read(Stream stream, long announced)
    {
        // One more than announced, so that the end is found without growing.
        var buffer = ArrayPool<byte>.Shared.Rent(announced is > 0 and < int.MaxValue ? (int)announced + 1 : BytesUsual);
        var length = 0;
        try
        {
            int read;
            while ((read = stream.Read(buffer, length, buffer.Length - length)) > 0)
            {
                length += read;
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer);
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
        return new AnswerBody(buffer, length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
