using System.Buffers.Text;
using System.Globalization;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>
/// Bodies in the content encoding <c>aws-chunked</c>: chunks with their sizes, then trailing headers.
/// </summary>
/// <remarks>
/// Signatures of chunks and trailing checksums are read over. Source: "Signature calculations for the Authorization
/// header: transferring payload in multiple chunks", S3 API.
/// </remarks>
internal static class ChunkedBody
{
    /// <summary>The bytes that the chunks hold.</summary>
    /// <param name="length">How many there are, as the request's header says it; null when it does not.</param>
    /// <exception cref="ServiceException">The chunks are broken, or hold another number of bytes.</exception>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, string? length)
    {
        var decoded = new byte[body.Length];
        var count = 0;
        var rest = body.Span;
        while (true)
        {
            var size = SizeOf(TakeLine(ref rest));
            if (size == 0)
            {
                break;
            }
            if (size > rest.Length)
            {
                throw Broken();
            }
            rest[..size].CopyTo(decoded.AsSpan(count));
            count += size;
            rest = rest[size..];
            if (TakeLine(ref rest).Length > 0)
            {
                throw Broken();
            }
        }
        return length is null || length == count.ToString(CultureInfo.InvariantCulture)
            ? decoded.AsMemory(0, count)
            : throw new ServiceException(
                "IncompleteBody", string.Create(
                    CultureInfo.InvariantCulture, $"The chunks hold {count} bytes, the request tells of {length}."));
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        if (end < 0)
        {
            throw Broken();
        }
        var line = rest[..end];
        rest = rest[(end + 2)..];
        return line;
    }

    private static int SizeOf(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)';');
        var digits = end < 0 ? line : line[..end];
        return Utf8Parser.TryParse(digits, out int size, out var read, 'x') && read == digits.Length && size >= 0
            ? size
            : throw Broken();
    }

    private static ServiceException Broken() => new("IncompleteBody", "The chunks of the body are broken.");
}
