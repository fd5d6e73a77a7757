namespace Pipeline.Cli.Generate;

/// <summary>What to generate. Equal options make equal bytes, on every machine.</summary>
/// <param name="Events">Lines to write, bad ones and repeats included: 0 to <see cref="EventsMax"/>.</param>
public sealed record GenerateOptions(long Events)
{
    public const long EventsMax = 1_000_000_000_000;

    /// <summary>Bounds of <see cref="Rate"/>, in events per second of event time.</summary>
    public const double RateMin = 0.001;

    /// <inheritdoc cref="RateMin"/>
    public const double RateMax = 1_000_000_000;

    /// <summary>By default 10,000 events take an hour.</summary>
    public const double RateDefault = 10_000 / 3600d;

    /// <summary>Bounds of the years in which events happen.</summary>
    public const int YearMin = 1970;

    /// <inheritdoc cref="YearMin"/>
    public const int YearMax = 9998;

    /// <summary>Bound of <see cref="Disorder"/>.</summary>
    public static readonly TimeSpan DisorderMax = TimeSpan.FromHours(24);

    /// <summary>Fixed, so that the output never depends on the clock: a Monday morning.</summary>
    public static readonly DateTimeOffset StartDefault = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Another seed is another world with other events. Not negative.</summary>
    public long Seed { get; init; }

    /// <summary>Events per second of event time, not of the clock.</summary>
    public double Rate { get; init; } = RateDefault;

    /// <summary>The share of lines that are bad: 0 to 1.</summary>
    public double BadRate { get; init; }

    /// <summary>The share of lines that repeat an earlier event: 0 to 1 - <see cref="BadRate"/>.</summary>
    public double DuplicateRate { get; init; }

    /// <summary>How much later than its time an event's line may come.</summary>
    public TimeSpan Disorder { get; init; }

    /// <summary>The time at which the first event may happen.</summary>
    public DateTimeOffset Start { get; init; } = StartDefault;

    /// <summary>What is wrong with the options together, as a sentence; null when nothing is.</summary>
    public string? Error()
    {
        if (BadRate + DuplicateRate > 1)
        {
            return "--bad-rate and --duplicate-rate together take at most 1.";
        }

        TimeSpan left = new DateTimeOffset(YearMax + 1, 1, 1, 0, 0, 0, TimeSpan.Zero) - Start;
        return Events / Rate > left.TotalSeconds
            ? $"so many --events at so low a --rate would go on beyond the year {YearMax}."
            : null;
    }
}
