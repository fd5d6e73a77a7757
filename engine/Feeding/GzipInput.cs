using System.Buffers.Binary;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace Pipeline.Engine.Feeding;

/// <summary>Unpacks gzip, member after member, and gives out everything up to where the input breaks off.</summary>
/// <remarks>
/// The framework's reader takes a truncated file for a whole one, and the library's throws away what the call that met
/// the break had unpacked. So the framing is done here, and only the inflating there. Zeros after a member are padding.
/// Source: RFC 1952.
/// </remarks>
internal sealed class GzipInput(Stream packed)
{
    private const int TrailerBytes = 8;
    private const int FixedHeaderRestBytes = 6;
    private const int FlagHeaderChecksum = 2;
    private const int FlagExtra = 4;
    private const int FlagName = 8;
    private const int FlagComment = 16;

    private readonly Inflater _inflater = new(noHeader: true);
    private readonly Crc32 _checksum = new();
    private readonly byte[] _input = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _inMember;
    private bool _anyMember;
    private string? _damage;

    /// <summary>Unpacks the next bytes; 0 at the end.</summary>
    /// <exception cref="InvalidDataException">The input breaks off here; everything before was given out.</exception>
    public int Read(byte[] buffer)
    {
        while (_inMember || TryBeginMember())
        {
            var read = Inflate(buffer);
            if (read > 0)
            {
                return read;
            }
            EndMember();
        }
        return 0;
    }

    private bool TryBeginMember()
    {
        var first = Next();
        while (first == 0 && _anyMember)
        {
            first = Next();
        }
        if (first < 0)
        {
            return false;
        }
        if (first != 0x1f || NextOf("header") != 0x8b || NextOf("header") != 8)
        {
            throw new InvalidDataException(_anyMember ? "what follows is no gzip" : "it is no gzip");
        }
        SkipHeader(flags: NextOf("header"));
        _inflater.Reset();
        _checksum.Reset();
        GiveInput();
        return _inMember = _anyMember = true;
    }

    private void SkipHeader(int flags)
    {
        Skip(FixedHeaderRestBytes);
        if ((flags & FlagExtra) != 0)
        {
            Skip(NextOf("header") | (NextOf("header") << 8));
        }
        foreach (var text in new[] { FlagName, FlagComment })
        {
            while ((flags & text) != 0 && NextOf("header") != 0)
            {
            }
        }
        Skip((flags & FlagHeaderChecksum) != 0 ? 2 : 0);
    }

    /// <summary>Unpacks what the member still has; 0 at its end. Damage is told after what came before it.</summary>
    private int Inflate(byte[] buffer)
    {
        if (_damage is not null)
        {
            throw new InvalidDataException(_damage);
        }
        var before = _inflater.TotalOut;
        try
        {
            while (_inflater.Inflate(buffer, 0, buffer.Length) == 0 && !_inflater.IsFinished)
            {
                if (!_inflater.IsNeedingInput || (_start == _end && !Fill()))
                {
                    throw new InvalidDataException("the packed data ends too early");
                }
                GiveInput();
            }
        }
        catch (Exception error) when (error is SharpZipBaseException or IndexOutOfRangeException)
        {
            // The library finds some damage by its own exception and some by leaving an array.
            _damage = $"the packed data is damaged ({error.Message})";
        }
        var read = (int)(_inflater.TotalOut - before);
        if (read == 0 && _damage is not null)
        {
            throw new InvalidDataException(_damage);
        }
        _checksum.Update(new ArraySegment<byte>(buffer, 0, read));
        return read;
    }

    private void EndMember()
    {
        _start = _end - _inflater.RemainingInput;
        _inMember = false;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        for (var i = 0; i < trailer.Length; i++)
        {
            trailer[i] = (byte)NextOf("checksum");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != (uint)_checksum.Value
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)_inflater.TotalOut)
        {
            throw new InvalidDataException("the checksum is wrong");
        }
    }

    private void GiveInput()
    {
        if (_start < _end)
        {
            _inflater.SetInput(_input, _start, _end - _start);
            _start = _end;
        }
    }

    private void Skip(int bytes)
    {
        for (; bytes > 0; bytes--)
        {
            NextOf("header");
        }
    }

    private int NextOf(string part) =>
        Next() is >= 0 and var value ? value : throw new InvalidDataException($"the file ends within a {part}");

    /// <summary>The next packed byte; -1 at the end of the file.</summary>
    private int Next() => _start < _end || Fill() ? _input[_start++] : -1;

    private bool Fill()
    {
        (_start, _end) = (0, packed.Read(_input, 0, _input.Length));
        return _end > 0;
    }
}
