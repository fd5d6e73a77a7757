using System.Collections.Concurrent;

namespace Pipeline.Engine.Isolation;

/// <summary>Reads what a process writes, line by line, for as long as it writes; the lines wait to be taken.</summary>
/// <remarks>A line is cut at <see cref="LineBytesMax"/>, so that whatever is written, little is kept.</remarks>
internal sealed class LineReader
{
    /// <summary>Longest line that is kept whole. Source: "Specification: Embedded metric format", 1 MB.</summary>
    public const int LineBytesMax = 1024 * 1024;

    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _lines = new();

    private LineReader(Stream stream) => Ended = ReadAsync(stream);

    /// <summary>Ends when the process writes no more.</summary>
    public Task Ended { get; }

    /// <summary>Begins to read; to be called away from the scheduler's context.</summary>
    public static LineReader Start(Stream stream) => new(stream);

    /// <summary>Takes the next line, without its end; false when there is none yet.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line) => _lines.TryDequeue(out line);

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        var line = new MemoryStream();
        try
        {
            while (await stream.ReadAsync(buffer) is var read and > 0)
            {
                Split(buffer.AsSpan(0, read), line);
            }
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            // The process is gone; what it had written before is kept.
        }
        End(line);
    }

    private void Split(ReadOnlySpan<byte> bytes, MemoryStream line)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            Add(bytes[..end], line);
            End(line);
            bytes = bytes[(end + 1)..];
        }
        Add(bytes, line);
    }

    private static void Add(ReadOnlySpan<byte> bytes, MemoryStream line) =>
        line.Write(bytes[..(int)Math.Min(bytes.Length, LineBytesMax - line.Length)]);

    private void End(MemoryStream line)
    {
        if (line.Length > 0)
        {
            _lines.Enqueue(line.ToArray());
            line.SetLength(0);
        }
    }
}
