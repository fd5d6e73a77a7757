using System.Globalization;
using System.Security.Cryptography;
using Pipeline.Core;

namespace Pipeline.Engine.Feeding;

/// <summary>One line of input: its bytes, or, when it is too large to travel, the file it was put aside in.</summary>
/// <param name="Bytes">Without the line feed; empty for an oversize line.</param>
/// <param name="SpoolFile">The file that holds an oversize line; otherwise null.</param>
/// <param name="Sha256">The hash of an oversize line, 64 hexadecimal digits.</param>
/// <param name="IsBlank">Whether it holds nothing but spaces, tabs and CRs; however long, it is not put aside.</param>
public readonly record struct InputLine(byte[] Bytes, string? SpoolFile, string? Sha256, bool IsBlank);

/// <summary>
/// Reads lines from a file, a directory's files in ordinal order of names, or a stream; <c>.gz</c> is unpacked.
/// </summary>
/// <remarks>
/// Lines end at LF; a CR belongs to the line. Memory is flat: a line larger than <see cref="Limits.EventBytesMax"/>
/// goes to a file as it is read. Input that breaks off (a truncated or damaged .gz) ends the reading; what came before
/// is given out.
/// </remarks>
public sealed class LineSource : IDisposable
{
    private readonly Queue<(string Name, Stream? Opened)> _files = new();
    private readonly string _spoolFolder;
    private int _spooled;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly MemoryStream _partial = new();
    private Stream? _stream;
    private GzipInput? _gzip;
    private string _name = "";
    private long _offset;
    private int _start;
    private int _end;

    private LineSource(string spoolFolder) => _spoolFolder = spoolFolder;

    /// <summary>Bytes read, unpacked, line feeds included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why and where the input broke off; null while all is well.</summary>
    public string? Damage { get; private set; }

    /// <summary>Opens a file or directory, and makes sure that everything in it can be opened.</summary>
    /// <param name="spoolFolder">Where lines too large to hold go while they are read; made when needed.</param>
    /// <exception cref="InputException">There is no such file, or it may not be read.</exception>
    public static LineSource Open(string path, string spoolFolder)
    {
        var source = new LineSource(spoolFolder);
        foreach (var file in FilesOf(path))
        {
            source._files.Enqueue((file, Probe(file)));
        }
        return source;
    }

    /// <summary>Reads from a stream, such as standard input.</summary>
    public static LineSource Open(Stream stream, string name, string spoolFolder) =>
        new(spoolFolder) { _stream = stream, _name = name };

    /// <summary>Reads the next line; false at the end.</summary>
    public bool TryRead(out InputLine line)
    {
        while (_stream is not null || OpenNext())
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = TakeLine(found);
                _start++;
                return true;
            }
            if (_end - _start + _partial.Length > Limits.EventBytesMax)
            {
                line = SpoolLine();
                return true;
            }
            _partial.Write(_buffer, _start, _end - _start);
            if (!Fill() && _partial.Length > 0)
            {
                line = TakeLine(0);
                return true;
            }
        }
        line = default;
        return false;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _partial.Dispose();
    }

    /// <summary>
    /// Makes sure that a file can be opened; one that can be opened only once, such as a pipe, stays open.
    /// </summary>
    private static FileStream? Probe(string file)
    {
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            if (!stream.CanSeek)
            {
                return stream;
            }
            stream.Dispose();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The input '{file}' cannot be read: {error.Message}", error);
        }
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories);
                return [.. files.Order(StringComparer.Ordinal)];
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The input directory '{path}' cannot be read: {error.Message}", error);
        }
        return File.Exists(path) ? [path] : throw new InputException($"The input '{path}' does not exist.");
    }

    private bool OpenNext()
    {
        if (Damage is not null || !_files.TryDequeue(out var next))
        {
            return false;
        }
        var (file, opened) = next;
        _stream = opened ?? new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
        _gzip = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GzipInput(_stream) : null;
        (_name, _offset) = (file, 0);
        return true;
    }

    /// <summary>The bytes up to the line feed, with what was read of the line before.</summary>
    private InputLine TakeLine(int length)
    {
        _partial.Write(_buffer, _start, length);
        _start += length;
        var bytes = _partial.ToArray();
        _partial.SetLength(0);
        if (bytes.Length <= Limits.EventBytesMax)
        {
            return new InputLine(bytes, null, null, IsBlank(bytes));
        }
        if (IsBlank(bytes))
        {
            return new InputLine([], null, null, true);
        }
        var spoolFile = NextSpoolFile();
        File.WriteAllBytes(spoolFile, bytes);
        return new InputLine([], spoolFile, Convert.ToHexStringLower(SHA256.HashData(bytes)), false);
    }

    /// <summary>Writes a line that is too large to hold to a file, as it is read.</summary>
    private InputLine SpoolLine()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var spoolFile = NextSpoolFile();
        using var file = new FileStream(spoolFile, FileMode.Create, FileAccess.Write, FileShare.Delete);
        var begin = _partial.GetBuffer().AsSpan(0, (int)_partial.Length);
        file.Write(begin);
        hash.AppendData(begin);
        var blank = IsBlank(begin);
        _partial.SetLength(0);
        var ended = false;
        do
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var found = rest.IndexOf((byte)'\n');
            ended = found >= 0;
            var piece = ended ? rest[..found] : rest;
            file.Write(piece);
            hash.AppendData(piece);
            blank &= IsBlank(piece);
            _start += piece.Length + (ended ? 1 : 0);
        }
        while (!ended && Fill());
        if (blank)
        {
            File.Delete(spoolFile);
            return new InputLine([], null, null, true);
        }
        return new InputLine([], spoolFile, Convert.ToHexStringLower(hash.GetHashAndReset()), false);
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept(" \t\r"u8);

    private string NextSpoolFile()
    {
        Directory.CreateDirectory(_spoolFolder);
        return Path.Combine(_spoolFolder, string.Create(CultureInfo.InvariantCulture, $"{_spooled++}.line"));
    }

    /// <summary>Reads on in the current file; false, and the file closed, at its end.</summary>
    private bool Fill()
    {
        (_start, _end) = (0, 0);
        try
        {
            _end = _gzip?.Read(_buffer) ?? _stream!.Read(_buffer, 0, _buffer.Length);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            Damage = $"The input '{_name}' breaks off after {_offset} bytes (unpacked): {error.Message.TrimEnd('.')}.";
        }
        _offset += _end;
        Bytes += _end;
        if (_end == 0)
        {
            _stream!.Dispose();
            (_stream, _gzip) = (null, null);
        }
        return _end > 0;
    }
}
