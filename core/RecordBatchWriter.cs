using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Core;

/// <summary>Writes the payload of a Kinesis invocation, as Lambda's event source mapping does.</summary>
/// <remarks>
/// Use: <see cref="Begin"/>, <see cref="TryAdd"/> until it refuses, <see cref="Finish"/>; again for the next payload,
/// in the same memory. Not safe for several threads at once. Source: "Using Lambda to process records from Kinesis".
/// </remarks>
public sealed class RecordBatchWriter
{
    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(unit => (byte)unit)]);

    private readonly int _bytesMax;
    private byte[] _payload = [];
    private byte[] _beforeId = [];
    private byte[] _afterId = [];
    private int _length;

    /// <summary>Makes a writer.</summary>
    /// <param name="bytesMax">Largest payload, in bytes.</param>
    public RecordBatchWriter(int bytesMax = Limits.PayloadBytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, PayloadStart.Length + PayloadEnd.Length);
        _bytesMax = bytesMax;
    }

    /// <summary>Records in the payload under way.</summary>
    public int Count { get; private set; }

    /// <summary>The payload's length if it were finished now, in bytes.</summary>
    public int Length => _length + PayloadEnd.Length;

    private static ReadOnlySpan<byte> PayloadStart => "{\"Records\":["u8;

    private static ReadOnlySpan<byte> BeforeKey =>
        "{\"kinesis\":{\"kinesisSchemaVersion\":\"1.0\",\"partitionKey\":\""u8;

    private static ReadOnlySpan<byte> BeforeSequence => "\",\"sequenceNumber\":\""u8;

    private static ReadOnlySpan<byte> BeforeData => "\",\"data\":\""u8;

    private static ReadOnlySpan<byte> BeforeArrival => "\",\"approximateArrivalTimestamp\":"u8;

    private static ReadOnlySpan<byte> PayloadEnd => "]}"u8;

    /// <summary>Starts a payload.</summary>
    /// <param name="shardId">The shard that all its records are from.</param>
    /// <param name="streamArn">The stream.</param>
    /// <param name="region">The stream's region.</param>
    /// <param name="roleArn">The role that the function runs as.</param>
    public void Begin(string shardId, string streamArn, string region, string roleArn)
    {
        _beforeId = Encoding.UTF8.GetBytes(
            $"}},\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\",\"eventID\":\"{Json(shardId)}:");
        _afterId = Encoding.UTF8.GetBytes(
            $"\",\"eventName\":\"aws:kinesis:record\",\"invokeIdentityArn\":\"{Json(roleArn)}\""
            + $",\"awsRegion\":\"{Json(region)}\",\"eventSourceARN\":\"{Json(streamArn)}\"}}");
        Count = 0;
        _length = 0;
        EnsureRoom(PayloadStart.Length);
        Write(PayloadStart);
    }

    /// <summary>Adds a record, unless the payload would exceed its size.</summary>
    /// <param name="partitionKeyUtf8">Valid UTF-8.</param>
    /// <param name="arrivedAt">1970 or later; written to the millisecond.</param>
    /// <returns>False when it does not fit: finish this payload and begin another. A first record that is refused never
    /// fits.</returns>
    /// <exception cref="InvalidOperationException">No payload was begun.</exception>
    public bool TryAdd(
        SequenceNumber sequence, ReadOnlySpan<byte> partitionKeyUtf8, ReadOnlySpan<byte> blob, DateTimeOffset arrivedAt)
    {
        if (_length == 0)
        {
            throw new InvalidOperationException("No payload was begun.");
        }
        var milliseconds = arrivedAt.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds, nameof(arrivedAt));
        var (seconds, fraction) = Math.DivRem(milliseconds, 1000);
        var digits = sequence.Digits.Span;
        var bytes = (Count > 0 ? 1L : 0)
            + BeforeKey.Length + EscapedLength(partitionKeyUtf8)
            + BeforeSequence.Length + digits.Length
            + BeforeData.Length + Base64Length(blob.Length)
            + BeforeArrival.Length + DigitCount(seconds) + ".000".Length
            + _beforeId.Length + digits.Length + _afterId.Length;
        if (Length + bytes > _bytesMax)
        {
            return false;
        }
        EnsureRoom((int)bytes);
        if (Count > 0)
        {
            _payload[_length++] = (byte)',';
        }
        Write(BeforeKey);
        WriteEscaped(partitionKeyUtf8);
        Write(BeforeSequence);
        Write(digits);
        Write(BeforeData);
        Base64.EncodeToUtf8(blob, _payload.AsSpan(_length), out _, out var encoded);
        _length += encoded;
        Write(BeforeArrival);
        WriteDigits(seconds, default);
        _payload[_length++] = (byte)'.';
        WriteDigits(fraction, new StandardFormat('D', 3));
        Write(_beforeId);
        Write(digits);
        Write(_afterId);
        Count++;
        return true;
    }

    /// <summary>Ends the payload and answers it; valid until the next <see cref="Begin"/>.</summary>
    /// <exception cref="InvalidOperationException">No payload was begun.</exception>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_length == 0)
        {
            throw new InvalidOperationException("No payload was begun.");
        }
        EnsureRoom(PayloadEnd.Length);
        Write(PayloadEnd);
        var payload = _payload.AsMemory(0, _length);
        _length = 0;
        Count = 0;
        return payload;
    }

    private static string Json(string text) =>
        JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;

    private static long Base64Length(int bytes) => (bytes + 2L) / 3 * 4;

    private static int DigitCount(long number)
    {
        var count = 1;
        for (; number >= 10; number /= 10)
        {
            count++;
        }
        return count;
    }

    private static int EscapedLength(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(Escaped))
        {
            return text.Length;
        }
        var length = 0;
        foreach (var unit in text)
        {
            length += unit is (byte)'"' or (byte)'\\' ? 2 : unit < 0x20 ? 6 : 1;
        }
        return length;
    }

    private void WriteEscaped(ReadOnlySpan<byte> text)
    {
        for (var stop = text.IndexOfAny(Escaped); stop >= 0; stop = text.IndexOfAny(Escaped))
        {
            Write(text[..stop]);
            var unit = text[stop];
            if (unit < 0x20)
            {
                Write("\\u00"u8);
                Utf8Formatter.TryFormat(unit, _payload.AsSpan(_length), out var written, new StandardFormat('x', 2));
                _length += written;
            }
            else
            {
                _payload[_length++] = (byte)'\\';
                _payload[_length++] = unit;
            }
            text = text[(stop + 1)..];
        }
        Write(text);
    }

    private void WriteDigits(long number, StandardFormat format)
    {
        Utf8Formatter.TryFormat(number, _payload.AsSpan(_length), out var written, format);
        _length += written;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_payload.AsSpan(_length));
        _length += bytes.Length;
    }

    private void EnsureRoom(int bytes)
    {
        if (_payload.Length - _length < bytes)
        {
            var length = Math.Max(_length + (long)bytes, 2L * _payload.Length);
            Array.Resize(ref _payload, (int)Math.Min(length, Array.MaxLength));
        }
    }
}
