using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Pipeline.Core;

/// <summary>Reads the JSON of a Kinesis invocation into entries whose bytes lie in a given buffer.</summary>
/// <remarks>
/// Names in any order, the last of a name wins, unknown names are passed over. Needed of each record: <c>eventID</c>,
/// and in
/// <c>kinesis</c> <c>sequenceNumber</c>, <c>data</c> and <c>approximateArrivalTimestamp</c>.
/// </remarks>
/// <param name="payload">The JSON.</param>
/// <param name="buffer">At least as long as the payload.</param>
/// <param name="entries">Filled from its start; replaced by a longer one when it is too short.</param>
internal ref struct RecordBatchReader(ReadOnlySpan<byte> payload, byte[] buffer, RecordEntry[] entries)
{
    private const int ShardIdBytesMax = 128;

    private RecordBatchScanner _json = new(payload);
    private ReadOnlySpan<byte> _shardId;
    private ReadOnlySpan<byte> _streamArn;
    private int _used;
    private int _count;

    public RecordEntry[] Entries { get; private set; } = entries;

    /// <summary>Reads all; answers how many entries there are.</summary>
    /// <exception cref="InvalidPayloadException">It is not a Kinesis event.</exception>
    public int Read()
    {
        var found = false;
        var first = true;
        _json.Take((byte)'{', "an object");
        while (_json.TakeNext((byte)'}', ref first))
        {
            if (TakeName().SequenceEqual("Records"u8))
            {
                ReadRecords();
                found = true;
            }
            else
            {
                _json.Skip();
            }
        }
        if (_json.Peek() != 0 || !_json.IsAtEnd)
        {
            throw _json.Unexpected("nothing more");
        }
        return found ? _count : throw _json.Fail("The payload has no Records, so it is no Kinesis event", null);
    }

    /// <summary>The shard's id; the text known before when it is the same.</summary>
    public readonly string ShardId(string before) => TextOf(_shardId, before);

    /// <summary>The stream's ARN; the text known before when it is the same.</summary>
    public readonly string StreamArn(string before) => TextOf(_streamArn, before);

    private static string TextOf(ReadOnlySpan<byte> text, string before) =>
        Ascii.Equals(text, before) ? before : Encoding.UTF8.GetString(text);

    private void ReadRecords()
    {
        _count = 0;
        _shardId = default;
        _streamArn = default;
        var first = true;
        _json.Take((byte)'[', "the array of Records");
        while (_json.TakeNext((byte)']', ref first))
        {
            if (_count == Entries.Length)
            {
                var longer = new RecordEntry[2 * _count];
                Entries.CopyTo(longer, 0);
                Entries = longer;
            }
            ReadRecord(out Entries[_count]);
            _count++;
        }
    }

    private void ReadRecord(out RecordEntry entry)
    {
        entry = default;
        var hasKinesis = false;
        var hasId = false;
        var first = true;
        _json.Take((byte)'{', "a record");
        while (_json.TakeNext((byte)'}', ref first))
        {
            var name = TakeName();
            switch (name.Length)
            {
                case 7 when name.SequenceEqual("kinesis"u8):
                    ReadKinesis(out entry);
                    hasKinesis = true;
                    break;
                case 7 when name.SequenceEqual("eventID"u8):
                    ReadShardId();
                    hasId = true;
                    break;
                case 14 when name.SequenceEqual("eventSourceARN"u8) && _count == 0:
                    _streamArn = _json.TakeNull() ? default : TakeText("the stream's ARN");
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        if (!hasKinesis || !hasId)
        {
            throw Missing(hasKinesis ? "eventID" : "kinesis");
        }
    }

    private void ReadKinesis(out RecordEntry entry)
    {
        entry = default;
        var hasSequence = false;
        var hasData = false;
        var hasArrival = false;
        var first = true;
        _json.Take((byte)'{', "the kinesis object of a record");
        while (_json.TakeNext((byte)'}', ref first))
        {
            var name = TakeName();
            switch (name.Length)
            {
                case 4 when name.SequenceEqual("data"u8):
                    entry.Blob = ReadData();
                    hasData = true;
                    break;
                case 12 when name.SequenceEqual("partitionKey"u8):
                    entry.Key = _json.TakeNull() ? default : ReadPartitionKey();
                    break;
                case 14 when name.SequenceEqual("sequenceNumber"u8):
                    entry.Sequence = ReadSequenceNumber();
                    hasSequence = true;
                    break;
                case 27 when name.SequenceEqual("approximateArrivalTimestamp"u8):
                    entry.ArrivedAtMilliseconds = ReadArrival();
                    hasArrival = true;
                    break;
                default:
                    _json.Skip();
                    break;
            }
        }
        if (!hasSequence || !hasData || !hasArrival)
        {
            throw Missing(!hasSequence ? "sequenceNumber" : !hasData ? "data" : "approximateArrivalTimestamp");
        }
    }

    private void ReadShardId()
    {
        var id = TakeText("the eventID of a record");
        var length = id.IndexOf((byte)':');
        if (length is < 1 or > ShardIdBytesMax || !Ascii.IsValid(id))
        {
            throw _json.Fail("An eventID is not a shard's id, a colon and a sequence number", null);
        }
        var shard = id[..length];
        if (_count == 0)
        {
            _shardId = shard;
        }
        else if (!shard.SequenceEqual(_shardId))
        {
            throw _json.Fail("The records are not all of one shard", null);
        }
    }

    private BufferSlice ReadData()
    {
        var text = _json.TakeString("the data of a record", out var escaped);
        int length;
        var status = OperationStatus.Done;
        if (escaped)
        {
            var plain = _json.Unescape(text, buffer.AsSpan(_used));
            status = Base64.DecodeFromUtf8InPlace(buffer.AsSpan(_used, plain), out length);
        }
        else
        {
            status = Base64.DecodeFromUtf8(text, buffer.AsSpan(_used), out _, out length);
        }
        return status == OperationStatus.Done
            ? Keep(length)
            : throw _json.Fail("The data of a record is not base64", null);
    }

    private BufferSlice ReadPartitionKey()
    {
        var slice = CopyText("the partition key of a record");
        return Utf8.IsValid(buffer.AsSpan(slice.Start, slice.Length))
            ? slice
            : throw _json.Fail("The partition key of a record is not valid UTF-8", null);
    }

    private BufferSlice ReadSequenceNumber()
    {
        var slice = CopyText("the sequence number of a record");
        return SequenceNumber.TryParse(buffer.AsMemory(slice.Start, slice.Length), out _)
            ? slice
            : throw _json.Fail("The sequence number of a record is not one", null);
    }

    /// <summary>
    /// Reads epoch seconds with a fraction as milliseconds: from the digits, for a double would be off by one now and
    /// then.
    /// </summary>
    private long ReadArrival()
    {
        const string What = "the arrival time of a record";
        _json.Peek();
        var start = _json.At;
        var seconds = _json.TakeDigits();
        if (seconds.Length is > 0 and <= 11 && (seconds[0] != '0' || seconds.Length == 1) && _json.Current == '.')
        {
            _json.MoveTo(_json.At + 1);
            var fraction = _json.TakeDigits();
            if (fraction.Length is > 0 and <= 3 && _json.Current is (byte)',' or (byte)'}')
            {
                var milliseconds = NumberOf(fraction) * fraction.Length switch { 1 => 100, 2 => 10, _ => 1 };
                return NumberOf(seconds) * 1000 + milliseconds;
            }
        }
        _json.MoveTo(start);
        var number = _json.TakeNumber(What);
        if (!decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            || exact < DateTimeOffset.MinValue.ToUnixTimeSeconds()
            || exact > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            throw _json.Fail("The arrival time of a record is out of range", null);
        }
        return (long)Math.Round(exact * 1000, MidpointRounding.AwayFromZero);
    }

    private static long NumberOf(ReadOnlySpan<byte> digits)
    {
        var number = 0L;
        foreach (var digit in digits)
        {
            number = number * 10 + (digit - '0');
        }
        return number;
    }

    /// <summary>Takes a name and the colon behind it.</summary>
    private ReadOnlySpan<byte> TakeName()
    {
        var name = _json.TakeString("a name", out var escaped);
        if (escaped)
        {
            // Needed only until the next name, so the room is not kept.
            name = buffer.AsSpan(_used, _json.Unescape(name, buffer.AsSpan(_used)));
        }
        _json.Take((byte)':', "a colon");
        return name;
    }

    /// <summary>Takes a string for as long as the payload and the buffer last.</summary>
    private ReadOnlySpan<byte> TakeText(string what)
    {
        var text = _json.TakeString(what, out var escaped);
        if (escaped)
        {
            var slice = Keep(_json.Unescape(text, buffer.AsSpan(_used)));
            text = buffer.AsSpan(slice.Start, slice.Length);
        }
        return Utf8.IsValid(text) ? text : throw _json.Fail("A string is not valid UTF-8", null);
    }

    /// <summary>Takes a string into the buffer.</summary>
    private BufferSlice CopyText(string what)
    {
        var text = _json.TakeString(what, out var escaped);
        if (escaped)
        {
            return Keep(_json.Unescape(text, buffer.AsSpan(_used)));
        }
        text.CopyTo(buffer.AsSpan(_used));
        return Keep(text.Length);
    }

    private BufferSlice Keep(int length)
    {
        var slice = new BufferSlice(_used, length);
        _used += length;
        return slice;
    }

    private readonly InvalidPayloadException Missing(string name) => _json.Fail(
        string.Create(
            CultureInfo.InvariantCulture, $"Record {_count} has no {name}, so the payload is no Kinesis event"),
        null);
}
