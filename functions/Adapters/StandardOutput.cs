using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Lines of output on a stream, each in one write, so that no other line comes between its parts.</summary>
public sealed class StandardOutput(Stream stream) : IOutputPort
{
    private readonly Lock _lock = new();
    private byte[] _line = new byte[1024];

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_line.Length <= line.Length)
            {
                _line = new byte[2 * line.Length];
            }
            line.CopyTo(_line);
            _line[line.Length] = (byte)'\n';
            stream.Write(_line.AsSpan(0, line.Length + 1));
            stream.Flush();
        }
    }
}
