namespace Pipeline.Engine.Simulation;

/// <summary>A law of the pipeline does not hold of a run.</summary>
public sealed class BrokenLawException : Exception
{
    public BrokenLawException(string law, string found)
        : base($"{law} {found}") => (Law, Found) = (law, found);

    public BrokenLawException(string message)
        : this(message, "")
    {
    }

    public BrokenLawException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public BrokenLawException()
    {
    }

    /// <summary>The law, as a sentence.</summary>
    public string Law { get; } = "";

    /// <summary>What was found instead, as a sentence.</summary>
    public string Found { get; } = "";
}

/// <summary>States laws.</summary>
internal static class Law
{
    /// <summary>A law holds, or the run is broken.</summary>
    /// <exception cref="BrokenLawException">It does not hold.</exception>
    public static void Holds(bool holds, string law, string found)
    {
        if (!holds)
        {
            throw new BrokenLawException(law, found);
        }
    }

    /// <summary>Two figures are the same.</summary>
    /// <exception cref="BrokenLawException">They differ.</exception>
    public static void Same<T>(T expected, T found, string law) =>
        Holds(EqualityComparer<T>.Default.Equals(expected, found), law, $"Expected {expected}, found {found}.");
}
