using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Core;

/// <summary>Names from outside as segments of object keys.</summary>
public static class ObjectKey
{
    /// <summary>Longest segment, in bytes: a disk that encodes <c>%</c> once more still takes it as a name.</summary>
    public const int SegmentBytesMax = 100;

    private const int ReadableBytesMax = 60;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly SearchValues<byte> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    /// <summary>
    /// The text as one segment: lower-case letters, digits, <c>_</c> and <c>-</c> as they are, every other byte of its
    /// UTF-8 as <c>%xx</c>; what gets longer than <see cref="SegmentBytesMax"/> is cut and ends with <c>~</c> and its
    /// SHA-256.
    /// </summary>
    /// <remarks>
    /// Two texts never have one segment, not even where case is ignored, because no segment holds a capital letter. It
    /// holds no dot either, so it is neither <c>..</c> nor mistaken for a name with an ending.
    /// </remarks>
    /// <exception cref="ArgumentException">The text is empty or holds a lone surrogate.</exception>
    public static string Segment(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var segment = new StringBuilder();
        var readable = 0;
        var bytes = Strict.GetBytes(text);
        foreach (var value in bytes)
        {
            _ = Plain.Contains(value)
                ? segment.Append((char)value)
                : segment.Append(CultureInfo.InvariantCulture, $"%{value:x2}");
            readable = segment.Length <= ReadableBytesMax ? segment.Length : readable;
            if (segment.Length > SegmentBytesMax)
            {
                var hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
                return $"{segment.ToString(0, readable)}~{hash}";
            }
        }
        return segment.ToString();
    }
}
