using System.Buffers;
using System.Text;
using Pipeline.Engine.Functions;

namespace Pipeline.Engine.Isolation;

/// <summary>
/// What a process writes to one of its pipes: read and counted line by line, as it comes, for as long as it writes.
/// </summary>
/// <remarks>
/// No line waits for the invocation to end: its figures are added up and its sentence is kept, as far as
/// <see cref="FunctionCounters"/> keeps sentences, and then the line is forgotten. So whatever is written, little is
/// kept. A line is cut at <see cref="LineBytesMax"/>.
/// </remarks>
public sealed class ProcessOutput
{
    /// <summary>Longest line that is read whole. Source: "Specification: Embedded metric format", 1 MB.</summary>
    public const int LineBytesMax = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _lastLine = new();
    private FunctionCounters _heard = new();

    private ProcessOutput(Stream stream) => Ended = ReadAsync(stream);

    /// <summary>Ends when the process writes no more.</summary>
    public Task Ended { get; }

    /// <summary>The last line so far, without its end; empty before there was one.</summary>
    public string LastLine
    {
        get
        {
            lock (_lock)
            {
                return Encoding.UTF8.GetString(_lastLine.WrittenSpan);
            }
        }
    }

    /// <summary>Begins to read; to be called away from the scheduler's context.</summary>
    public static ProcessOutput Start(Stream stream) => new(stream);

    /// <summary>Hands over what was counted since the last time.</summary>
    public void MoveTo(FunctionCounters counters)
    {
        FunctionCounters heard;
        lock (_lock)
        {
            (heard, _heard) = (_heard, new FunctionCounters());
        }
        counters.Add(heard);
    }

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
        if (line.Length == 0)
        {
            return;
        }
        var bytes = line.GetBuffer().AsSpan(0, (int)line.Length);
        lock (_lock)
        {
            _heard.WriteText(bytes);
            _lastLine.ResetWrittenCount();
            _lastLine.Write(bytes);
        }
        line.SetLength(0);
    }
}
