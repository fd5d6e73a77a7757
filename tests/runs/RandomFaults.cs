using Pipeline.Engine;

namespace Pipeline.Tests.Runs;

/// <summary>
/// Faults drawn from a seed: crashes around every step, throttled puts, lost requests and answers, batches that come
/// twice.
/// </summary>
internal sealed class RandomFaults(Random random, FaultRates rates) : Faults
{
    /// <summary>How many faults of any kind there were.</summary>
    public int Count { get; private set; }

    public override Crash OnInvocation(string function) => Draw(rates.Crash) ? (Crash)random.Next(1, 4) : Crash.None;

    public override bool OnPut(string stream) => Draw(rates.Throttle);

    public override RequestFault OnRequest(string function) =>
        Draw(rates.Request) ? (RequestFault)random.Next(1, 3) : RequestFault.None;

    public override bool OnBatchDone(string function) => Draw(rates.Twice);

    private bool Draw(double rate)
    {
        var hit = random.NextDouble() < rate;
        Count += hit ? 1 : 0;
        return hit;
    }
}

/// <summary>Probabilities, 0 to 1, of each kind of fault.</summary>
internal sealed record FaultRates(double Crash, double Throttle, double Request, double Twice)
{
    public static FaultRates None { get; } = new(0, 0, 0, 0);

    /// <summary>Some kinds off, others up to a half: high enough to hurt, low enough to end.</summary>
    public static FaultRates Draw(Random random)
    {
        double Rate() => random.Next(3) == 0 ? 0 : random.NextDouble() * 0.5;
        return new FaultRates(Rate(), Rate(), Rate(), Rate());
    }
}
