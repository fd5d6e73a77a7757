using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Pipeline.Core;

/// <summary>
/// Walks the JSON of a payload, checking all it passes; what is out of the ordinary it leaves to the platform's reader.
/// </summary>
internal ref struct RecordBatchScanner(ReadOnlySpan<byte> json)
{
    /// <summary>What ends a string or makes it more than a plain one: quote, backslash, control characters.</summary>
    private static readonly SearchValues<byte> StringStops =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(unit => (byte)unit)]);

    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>Offset of the next byte.</summary>
    public int At { get; private set; }

    public readonly bool IsAtEnd => At >= _json.Length;

    /// <summary>
    /// The next byte after white space, which is passed over; 0 at the end (no JSON token starts with it).
    /// </summary>
    public byte Peek()
    {
        while (At < _json.Length)
        {
            var unit = _json[At];
            if (unit > (byte)' ' || unit is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return unit;
            }
            At++;
        }
        return 0;
    }

    /// <summary>Takes one token of one character.</summary>
    /// <param name="what">What should stand there, for the error.</param>
    public void Take(byte token, string what)
    {
        if (Peek() != token || At >= _json.Length)
        {
            throw Unexpected(what);
        }
        At++;
    }

    /// <summary>Whether another element of an object or array follows; takes the comma before it, or the end.</summary>
    /// <param name="end">The closing bracket.</param>
    /// <param name="first">Whether it would be the first; set to false.</param>
    public bool TakeNext(byte end, ref bool first)
    {
        var token = Peek();
        if (token == end)
        {
            At++;
            return false;
        }
        if (!first)
        {
            Take((byte)',', "a comma or the end of the object or array");
        }
        first = false;
        return true;
    }

    /// <summary>Takes a string; answers what stands between its quotes, as it is.</summary>
    /// <param name="escaped">Whether there are escapes in it; they are checked.</param>
    public ReadOnlySpan<byte> TakeString(string what, out bool escaped)
    {
        Take((byte)'"', what);
        var rest = _json[At..];
        var length = rest.IndexOfAny(StringStops);
        escaped = length >= 0 && rest[length] == '\\';
        if (escaped)
        {
            At--;
            length = SkipByReader() - 2;
            return _json.Slice(At - length - 1, length);
        }
        if (length < 0 || rest[length] != '"')
        {
            throw Fail("A string does not end", null);
        }
        At += length + 1;
        return rest[..length];
    }

    /// <summary>Writes a string with its escapes resolved; never more bytes than it has with them.</summary>
    /// <param name="raw">A string that was just taken, with escapes.</param>
    /// <returns>The bytes written.</returns>
    public readonly int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var reader = new Utf8JsonReader(_json[(At - raw.Length - 2)..At]);
        try
        {
            reader.Read();
            return reader.CopyString(destination);
        }
        catch (InvalidOperationException invalid)
        {
            throw Fail("A string is not valid Unicode", invalid);
        }
    }

    /// <summary>Passes over a value of any kind.</summary>
    public void Skip()
    {
        if (Peek() == '"')
        {
            TakeString("a string", out _);
            return;
        }
        SkipByReader();
    }

    /// <summary>Passes over <c>null</c> when it is next.</summary>
    public bool TakeNull()
    {
        if (Peek() != 'n')
        {
            return false;
        }
        SkipByReader();
        return true;
    }

    /// <summary>Takes a number; answers its text.</summary>
    public ReadOnlySpan<byte> TakeNumber(string what)
    {
        var first = Peek();
        if (first != '-' && !char.IsAsciiDigit((char)first))
        {
            throw Unexpected(what);
        }
        var start = At;
        SkipByReader();
        return _json[start..At];
    }

    /// <summary>Takes digits where a number may start, as many as there are.</summary>
    public ReadOnlySpan<byte> TakeDigits()
    {
        var rest = _json[At..];
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = length < 0 ? rest.Length : length;
        At += length;
        return rest[..length];
    }

    /// <summary>The byte at the cursor as it is; 0 at the end.</summary>
    public readonly byte Current => At < _json.Length ? _json[At] : (byte)0;

    public void MoveTo(int at) => At = at;

    public readonly InvalidPayloadException Unexpected(string what) => At >= _json.Length
        ? Fail("The payload ends where there should be " + what, null)
        : Fail("There should be " + what, null);

    /// <summary>An error at the cursor.</summary>
    public readonly InvalidPayloadException Fail(string sentence, Exception? inner)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"{sentence}, at byte {At} of the payload.");
        return inner is null ? new InvalidPayloadException(message) : new InvalidPayloadException(message, inner);
    }

    /// <summary>Passes over the next value with the platform's reader; answers its length in bytes.</summary>
    private int SkipByReader()
    {
        var reader = new Utf8JsonReader(_json[At..]);
        try
        {
            reader.Read();
            reader.Skip();
        }
        catch (JsonException invalid)
        {
            throw Fail("The payload is not JSON", invalid);
        }
        var length = (int)reader.BytesConsumed;
        At += length;
        return length;
    }
}
