using System.Globalization;

namespace Pipeline.Engine.Simulation;

/// <summary>Judges that a run comes to rest: once nothing breaks and nothing new arrives, within a bound.</summary>
internal sealed class QuietWatch(
    EmbeddedEngine engine, PlannedFaults faults, SimulationPlan plan, SafetyWatch safety, int lines)
{
    /// <summary>Far more instants than any plan needs: a run that has so many turns in a circle.</summary>
    private const long StepsMax = 2_000_000;

    private const string Rest = "Once nothing breaks, the pipeline comes to rest.";

    private readonly TimeSpan _bound = BoundOf(engine, lines);
    private DateTimeOffset _lastArrival = engine.Scheduler.Now;
    private int _arrived;
    private long _steps;

    /// <summary>When the last line had come in and the last fault had passed.</summary>
    public DateTimeOffset Calm
    {
        get
        {
            var calm = faults.Until + (plan.Rates.ContainsKey(FaultKind.LateWrite)
                ? SimulationPlan.LatenessMax
                : TimeSpan.Zero);
            return calm > _lastArrival ? calm : _lastArrival;
        }
    }

    /// <summary>How long after calm the pipeline may still work.</summary>
    public TimeSpan Bound => _bound;

    /// <summary>Judges what is there now.</summary>
    /// <exception cref="BrokenLawException">The bound is over.</exception>
    public void Check()
    {
        if (_arrived != safety.Arrived)
        {
            (_arrived, _lastArrival) = (safety.Arrived, engine.Scheduler.Now);
        }
        Law.Holds(
            ++_steps <= StepsMax && (_arrived < lines || engine.Scheduler.Now <= Calm + _bound), Rest,
            string.Create(CultureInfo.InvariantCulture, $"It still works {_bound} after calm, after {_steps} steps."));
    }

    /// <summary>
    /// A minute's wait and a batching window for each line of the longest path, twice the longest visibility timeout
    /// for each receive that is left, and the archive's buffer.
    /// </summary>
    private static TimeSpan BoundOf(EmbeddedEngine engine, int lines)
    {
        var visibility = engine.Stack.Queues.Max(queue => queue.VisibilityTimeout);
        var receives = engine.Stack.Queues.Max(queue => queue.Redrive?.ReceiveCountMax ?? 0);
        var buffer = engine.Stack.DeliveryStreams.Max(delivery => delivery.BufferInterval);
        return TimeSpan.FromMinutes(15) + (lines * TimeSpan.FromSeconds(15)) + (visibility * receives) + buffer;
    }
}
