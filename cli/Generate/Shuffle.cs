namespace Pipeline.Cli.Generate;

/// <summary>Holds each line back for a random while, so that they come out of order.</summary>
/// <param name="delayMsMax">The longest while, in milliseconds of event time.</param>
/// <param name="random">Draws it.</param>
internal sealed class Shuffle(double delayMsMax, SeededRandom random)
{
    /// <summary>Bounds the memory: about eight megabytes. Beyond it lines come out earlier than they were to.</summary>
    private const int LinesMax = 16_384;

    private readonly PriorityQueue<HeldLine, (double Due, long Order)> _held = new();
    private readonly Stack<HeldLine> _free = new();
    private long _order;

    /// <summary>A line that <see cref="Hold"/> takes next.</summary>
    public HeldLine Rent() => _free.TryPop(out HeldLine? line) ? line : new HeldLine();

    public void Hold(HeldLine line, double now)
    {
        double due = delayMsMax > 0 ? now + delayMsMax * random.Fraction() : now;
        _held.Enqueue(line, (due, _order++));
    }

    /// <summary>The next line that is due, or that must go to make room.</summary>
    /// <returns>Null when there is none. To be given back with <see cref="Return"/>.</returns>
    public HeldLine? Take(double now) =>
        _held.TryPeek(out _, out (double Due, long Order) first) && (first.Due <= now || _held.Count > LinesMax)
            ? _held.Dequeue()
            : null;

    public void Return(HeldLine line) => _free.Push(line);
}

/// <summary>A line on its way.</summary>
internal sealed class HeldLine
{
    public LineBuffer Text { get; } = new();

    /// <summary>Whether the line is a good event, which may be repeated.</summary>
    public bool IsGood { get; set; }
}
