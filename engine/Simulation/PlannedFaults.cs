using Pipeline.Engine.Time;

namespace Pipeline.Engine.Simulation;

/// <summary>The faults of a plan, drawn as the run goes, until the plan says that they stop.</summary>
/// <remarks>
/// Each kind draws from a generator of its own, so that one that is off takes nothing from the others.
/// </remarks>
internal sealed class PlannedFaults : Faults
{
    private static readonly TimeSpan LongestThrottle = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly SimulationPlan _plan;
    private readonly Random[] _random;
    private readonly long[] _counts = new long[FaultKindNames.Kinds.Count];
    private readonly Dictionary<string, DateTimeOffset> _throttled = new(StringComparer.Ordinal);
    private Scheduler? _scheduler;
    private DateTimeOffset _until;
    private DateTimeOffset _jumpedTo;

    public PlannedFaults(SimulationPlan plan)
    {
        _plan = plan;
        _random = [.. FaultKindNames.Kinds.Select(kind => SimulationPlan.DrawnBy(plan.Seed, kind.Name() + " at work"))];
    }

    /// <summary>When the faults stop; later when the clock has just jumped beyond that.</summary>
    public DateTimeOffset Until => _jumpedTo > _until ? _jumpedTo : _until;

    /// <summary>How many faults of each kind there were, by their names; kinds without one are left out.</summary>
    public SortedDictionary<string, long> Counts() => new(
        FaultKindNames.Kinds.Where(kind => _counts[(int)kind] > 0)
            .ToDictionary(kind => kind.Name(), kind => _counts[(int)kind]),
        StringComparer.Ordinal);

    /// <summary>Begins, on the clock of the run; before this there are no faults.</summary>
    public void Begin(Scheduler scheduler)
    {
        _counts[(int)FaultKind.Reshard] = _plan.Reshard.Count;
        (_scheduler, _until) = (scheduler, scheduler.Now + _plan.FaultsUntil);
        scheduler.Start(JumpAsync);
    }

    public override Crash OnInvocation(string function) =>
        Strikes(FaultKind.CrashBeforeFlush) ? Crash.BeforeFlush
        : Strikes(FaultKind.CrashDuringFlush) ? Crash.DuringFlush
        : Strikes(FaultKind.CrashBeforeReport) ? Crash.BeforeReport
        : Crash.None;

    public override bool OnPut(string stream)
    {
        if (_scheduler is { } scheduler && scheduler.Now < _throttled.GetValueOrDefault(stream))
        {
            return true;
        }
        if (Strikes(FaultKind.Throttle))
        {
            _throttled[stream] = _scheduler!.Now + Span(FaultKind.Throttle, LongestThrottle);
            return true;
        }
        return Strikes(FaultKind.PartialPut);
    }

    public override bool OnSend(string queue) => Strikes(FaultKind.PartialSend);

    public override RequestFault OnRequest(string function) =>
        Strikes(FaultKind.Hang) ? RequestFault.Hangs
        : Strikes(FaultKind.LostRequest) ? RequestFault.Lost
        : Strikes(FaultKind.LostAnswer) ? RequestFault.AnswerLost
        : Strikes(FaultKind.LateWrite) ? RequestFault.Late
        : RequestFault.None;

    public override BucketFault OnBucket(string function) =>
        Strikes(FaultKind.BucketError) ? BucketFault.Error
        : Strikes(FaultKind.BucketConflict) ? BucketFault.Conflict
        : Strikes(FaultKind.SlowBucket) ? BucketFault.Slow
        : BucketFault.None;

    public override bool OnBatchDone(string function) => Strikes(FaultKind.Redelivery);

    public override TimeSpan Lateness()
    {
        // Soon as often as late: most late writes come between two attempts of the same work.
        var share = _random[(int)FaultKind.LateWrite].NextDouble();
        return SimulationPlan.LatenessMax * Math.Pow(10, -4 * share);
    }

    public override TimeSpan Slowness() => Span(FaultKind.SlowBucket, LongestWait);

    private async Task JumpAsync()
    {
        var begun = _scheduler!.Now;
        foreach (var jump in _plan.Jumps)
        {
            var wait = begun + jump.After - _scheduler.Now;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _scheduler.Clock);
            }
            _counts[(int)FaultKind.ClockJump]++;
            _scheduler.Jump(jump.By);
            _jumpedTo = _scheduler.Now;
        }
    }

    private bool Strikes(FaultKind kind)
    {
        if (_scheduler is null || _scheduler.Now >= _until || !_plan.Rates.TryGetValue(kind, out var rate)
            || _random[(int)kind].NextDouble() >= rate)
        {
            return false;
        }
        _counts[(int)kind]++;
        return true;
    }

    /// <summary>Short ones more often than long ones.</summary>
    private TimeSpan Span(FaultKind kind, TimeSpan longest) => longest * Math.Pow(_random[(int)kind].NextDouble(), 3);
}
