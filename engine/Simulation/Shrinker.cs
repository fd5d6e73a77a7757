namespace Pipeline.Engine.Simulation;

/// <summary>Makes a failing simulation smaller: fewer kinds of faults, fewer events, fewer shards.</summary>
/// <param name="play">Plays a seed within limits.</param>
public sealed class Shrinker(Func<int, SimulationLimits, SimulationResult> play)
{
    private const int RoundsMax = 3;

    /// <summary>
    /// Tries simplifications and keeps those under which the same law is still broken, until none helps.
    /// </summary>
    public SimulationResult Shrink(SimulationResult failed)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            var before = failed;
            failed = WithFewerFaults(failed);
            failed = WithFewerEvents(failed);
            failed = Try(failed, failed.Plan.Limits with { Shards = 1 }) ?? failed;
            if (failed.Plan.Limits == before.Plan.Limits)
            {
                break;
            }
        }
        return failed;
    }

    private SimulationResult WithFewerFaults(SimulationResult failed)
    {
        foreach (var kind in failed.Plan.Rates.Keys)
        {
            var limits = failed.Plan.Limits;
            var without = limits.Without.Append(kind).Order().ToList();
            failed = Try(failed, limits with { Without = without }) ?? failed;
        }
        return failed;
    }

    private SimulationResult WithFewerEvents(SimulationResult failed)
    {
        var (least, most) = (1, failed.Events);
        while (least < most)
        {
            var middle = (least + most) / 2;
            if (Try(failed, failed.Plan.Limits with { Events = middle }) is { } smaller)
            {
                (failed, most) = (smaller, middle);
            }
            else
            {
                least = middle + 1;
            }
        }
        return failed;
    }

    private SimulationResult? Try(SimulationResult failed, SimulationLimits limits)
    {
        if (limits == failed.Plan.Limits)
        {
            return null;
        }
        var again = play(failed.Plan.Seed, limits);
        return again.Law == failed.Law ? again : null;
    }
}
