namespace Pipeline.Core;

/// <summary>
/// Walks the fields of a protobuf message without trusting it. Source: "Encoding", the protocol buffers guide.
/// </summary>
internal ref struct ProtobufCursor(ReadOnlySpan<byte> message)
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Bytes = 2;
    public const int GroupStart = 3;
    public const int GroupEnd = 4;
    public const int Fixed32 = 5;

    /// <summary>Deepest nesting of unknown groups; protobuf's own readers stop at this depth too.</summary>
    private const int GroupDepthMax = 100;

    private readonly ReadOnlySpan<byte> _message = message;

    /// <summary>Offset of the next byte.</summary>
    public int At { get; private set; }

    public readonly bool IsAtEnd => At >= _message.Length;

    /// <summary>Reads a field's tag; false when it is not one.</summary>
    public bool TryReadTag(out uint field, out int wireType)
    {
        if (!TryReadVarint(out var tag) || tag > uint.MaxValue)
        {
            field = 0;
            wireType = 0;
            return false;
        }
        field = (uint)tag >> 3;
        wireType = (int)tag & 7;
        return field > 0;
    }

    /// <summary>
    /// Reads a number of up to ten bytes; bits beyond the 64th are dropped, as every protobuf reader does.
    /// </summary>
    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && At < _message.Length; shift += 7)
        {
            var unit = _message[At++];
            value |= (ulong)(unit & 0x7F) << shift;
            if (unit < 0x80)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Reads the place of a length-delimited value.</summary>
    public bool TryReadBytes(out int start, out int length)
    {
        start = 0;
        length = 0;
        if (!TryReadVarint(out var bytes) || bytes > (ulong)(_message.Length - At))
        {
            return false;
        }
        start = At;
        length = (int)bytes;
        At += length;
        return true;
    }

    /// <summary>Passes over the value of a field that is not known, of any wire type.</summary>
    public bool TrySkip(uint field, int wireType)
    {
        if (wireType != GroupStart)
        {
            return TrySkipValue(wireType);
        }
        Span<uint> open = stackalloc uint[GroupDepthMax];
        open[0] = field;
        for (var depth = 1; depth > 0;)
        {
            if (!TryReadTag(out var inner, out var type))
            {
                return false;
            }
            switch (type)
            {
                case GroupStart when depth < GroupDepthMax:
                    open[depth++] = inner;
                    break;
                case GroupEnd when open[depth - 1] == inner:
                    depth--;
                    break;
                default:
                    if (!TrySkipValue(type))
                    {
                        return false;
                    }
                    break;
            }
        }
        return true;
    }

    private bool TrySkipValue(int wireType) => wireType switch
    {
        Varint => TryReadVarint(out _),
        Fixed64 => TryAdvance(sizeof(ulong)),
        Bytes => TryReadBytes(out _, out _),
        Fixed32 => TryAdvance(sizeof(uint)),
        _ => false,
    };

    private bool TryAdvance(int bytes)
    {
        if (bytes > _message.Length - At)
        {
            return false;
        }
        At += bytes;
        return true;
    }
}
