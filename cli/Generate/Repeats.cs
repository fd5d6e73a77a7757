namespace Pipeline.Cli.Generate;

/// <summary>The last events written, for those that come again.</summary>
internal sealed class Repeats
{
    /// <summary>Bounds the memory: about a megabyte.</summary>
    private const int LinesMax = 2048;

    private const double AgeMsMax = 10 * 60_000;

    private readonly (LineBuffer Line, double At)[] _ring = new (LineBuffer, double)[LinesMax];
    private long _oldest;
    private long _next;

    /// <summary>Keeps a copy of an event.</summary>
    /// <param name="text">The line.</param>
    /// <param name="at">When it was written, in milliseconds of event time since the start; never falls.</param>
    public void Keep(ReadOnlySpan<byte> text, double at)
    {
        ref (LineBuffer Line, double At) place = ref _ring[_next++ % LinesMax];
        place.Line ??= new LineBuffer();
        place.Line.Clear();
        place.Line.Add(text);
        place.At = at;
        _oldest = Math.Max(_oldest, _next - LinesMax);
    }

    /// <summary>Any event of the last ten minutes; empty when there is none.</summary>
    public ReadOnlySpan<byte> Any(double now, SeededRandom random)
    {
        while (_oldest < _next && _ring[_oldest % LinesMax].At < now - AgeMsMax)
        {
            _oldest++;
        }

        return _oldest == _next ? [] : _ring[(_oldest + random.Below((int)(_next - _oldest))) % LinesMax].Line.Written;
    }
}
