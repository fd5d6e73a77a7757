namespace Pipeline.Cli.Generate;

/// <summary>Makes the sample events of a web shop: good ones, and if asked, bad ones, repeats and disorder.</summary>
/// <remarks>One pass, flat memory, no allocation per good event.</remarks>
public sealed class EventGenerator
{
    private const int BufferBytes = 256 * 1024;
    private const int LinesPerProgress = 100_000;

    private readonly GenerateOptions _options;
    private readonly Stream _output;
    private readonly SeededRandom _random;
    private readonly Shop _shop;
    private readonly BadLines _bad;
    private readonly Shuffle _shuffle;
    private readonly Repeats _repeats = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;

    private EventGenerator(GenerateOptions options, Stream output)
    {
        _options = options;
        _output = output;
        _random = new SeededRandom((ulong)options.Seed, stream: 2);
        _shop = new Shop(options);
        _bad = new BadLines(_shop, _random);

        // A random stream of its own: disorder moves events and changes none.
        _shuffle = new Shuffle(options.Disorder.TotalMilliseconds, new SeededRandom((ulong)options.Seed, stream: 4));
    }

    /// <summary>Writes exactly <see cref="GenerateOptions.Events"/> lines, each ended by LF, none blank.</summary>
    /// <param name="options">Without an <see cref="GenerateOptions.Error"/>.</param>
    /// <param name="output">Left open and flushed.</param>
    /// <param name="progress">Told now and then, and at the end, how many lines there are.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(GenerateOptions options, Stream output, Action<long>? progress = null)
    {
        if (options.Error() is string sentence)
        {
            throw new ArgumentException(sentence, nameof(options));
        }

        new EventGenerator(options, output).Run(progress);
    }

    private void Run(Action<long>? progress)
    {
        for (long slot = 0; slot < _options.Events; slot++)
        {
            if (slot % LinesPerProgress == 0 && slot > 0)
            {
                progress?.Invoke(slot);
            }

            // Somewhere in its slot: the times never fall, the rate is exact, and no two runs of events look alike.
            double now = (slot + _random.Fraction()) * 1000 / _options.Rate;
            EmitDue(now, now);
            Add(now);
            EmitDue(now, now);
        }

        EmitDue(double.PositiveInfinity, 0);
        Flush();
        _output.Flush();
        progress?.Invoke(_options.Events);
    }

    private void Add(double now)
    {
        double place = _random.Fraction();
        if (place >= _options.BadRate && place < _options.BadRate + _options.DuplicateRate)
        {
            ReadOnlySpan<byte> repeat = _repeats.Any(now, _random);
            if (!repeat.IsEmpty)
            {
                Write(repeat);
                return;
            }
        }

        HeldLine line = _shuffle.Rent();
        line.IsGood = place >= _options.BadRate;
        if (line.IsGood)
        {
            _shop.Next(line.Text, now);
        }
        else
        {
            _bad.Next(line.Text, now);
        }

        _shuffle.Hold(line, now);
    }

    private void EmitDue(double due, double now)
    {
        while (_shuffle.Take(due) is HeldLine line)
        {
            Write(line.Text.Written);
            if (line.IsGood && _options.DuplicateRate > 0)
            {
                _repeats.Keep(line.Text.Written, now);
            }

            _shuffle.Return(line);
        }
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        if (_buffer.Length - _buffered <= line.Length)
        {
            Flush();
        }

        line.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += line.Length;
        _buffer[_buffered++] = (byte)'\n';
    }

    private void Flush()
    {
        _output.Write(_buffer, 0, _buffered);
        _buffered = 0;
    }
}
