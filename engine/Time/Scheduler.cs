namespace Pipeline.Engine.Time;

/// <summary>
/// The one owner of time on the engine: runs what is due, in order of (time, order of asking), on one thread.
/// </summary>
/// <remarks>
/// Under the virtual clock nothing waits: when nothing is ready, time jumps to the next due thing. Continuations of
/// awaited work come back here through the synchronization context, first in, first out, before time moves on. So the
/// same start gives the same run. Only while someone follows real time does the clock go no faster than a real one.
/// </remarks>
public sealed class Scheduler : SynchronizationContext
{
    private readonly PriorityQueue<ScheduledTimer, (long Due, long Order)> _due = new();
    private readonly Queue<(SendOrPostCallback Work, object? State)> _ready = new();
    private readonly InstantGuard _guard = new();
    private DateTimeOffset _now;
    private readonly TimeProvider? _real;
    private readonly Mailbox<Action>? _outside;
    private long _order;
    private int? _owner;
    private int _followers;

    /// <param name="start">Where the clock begins.</param>
    /// <param name="real">What is followed as real time; null when nobody will.</param>
    public Scheduler(DateTimeOffset start, TimeProvider? real = null)
    {
        _now = start;
        Clock = new VirtualClock(this);
        _real = real;
        _outside = real is null ? null : new Mailbox<Action>(real);
    }

    /// <summary>The engine's time.</summary>
    public DateTimeOffset Now
    {
        get
        {
            if (_owner is not null)
            {
                _guard.Ask(_now);
            }
            return _now;
        }
    }

    /// <summary>The same time as a provider, for everything that waits or asks.</summary>
    public TimeProvider Clock { get; }

    /// <summary>Called when nothing is ready and nothing is due, before the run ends.</summary>
    public event Action? Idle;

    /// <summary>Runs until nothing is ready and nothing is due.</summary>
    /// <param name="step">
    /// Called after each instant's work, to look or to stop the run by an exception; may be null.
    /// </param>
    /// <exception cref="LivelockException">Work goes on without end at one moment, and time never moves.</exception>
    public void RunUntilIdle(Action? step = null)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        _owner = Environment.CurrentManagedThreadId;
        _guard.Reset();
        try
        {
            do
            {
                DrainReady();
                step?.Invoke();
            }
            while (_followers == 0 ? FireNext() : FollowNext());
            Idle?.Invoke();
        }
        finally
        {
            _owner = null;
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>Moves the clock ahead at once; what was due meanwhile is late, and runs in its order.</summary>
    public void Jump(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(by.Ticks, nameof(by));
        MoveTo(_now + by);
    }

    /// <summary>
    /// Lets the clock go no faster than real time until the answer is disposed: what is due waits until real time gets
    /// there, and what <see cref="PostOutside"/> brings meanwhile runs when it comes. Time that passes while the
    /// scheduler's thread works, or waits for something itself, does not count.
    /// </summary>
    public IDisposable FollowRealTime()
    {
        if (_real is null)
        {
            throw new InvalidOperationException("The scheduler was given no real time to follow.");
        }
        _followers++;
        return new Following(this);
    }

    /// <summary>
    /// Brings work from any thread; it runs on the scheduler's while someone follows real time, and not before.
    /// </summary>
    public void PostOutside(Action work) => _outside!.Post(work);

    /// <summary>Starts asynchronous work; what it throws ends the run.</summary>
    public void Start(Func<Task> work) => Post(async _ => await work(), null);

    /// <summary>Queues work for the scheduler's thread.</summary>
    /// <exception cref="InvalidOperationException">
    /// Something ran on another thread: that would end determinism.
    /// </exception>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (_owner is { } owner && owner != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("Work left the scheduler's thread.");
        }
        _ready.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    internal void Schedule(ScheduledTimer timer, DateTimeOffset due)
    {
        if (_owner is not null)
        {
            _guard.Step(_now);
        }
        _due.Enqueue(timer, (Math.Max(due.UtcTicks, _now.UtcTicks), _order++));
    }

    private void DrainReady()
    {
        while (_ready.TryDequeue(out var next))
        {
            _guard.Step(_now);
            next.Work(next.State);
        }
    }

    private bool FireNext()
    {
        while (_due.TryDequeue(out var timer, out var priority))
        {
            if (timer.IsDue(priority.Due))
            {
                MoveTo(new DateTimeOffset(Math.Max(priority.Due, _now.UtcTicks), TimeSpan.Zero));
                _guard.Step(_now);
                timer.Fire();
                return true;
            }
        }
        return false;
    }

    private void MoveTo(DateTimeOffset moment)
    {
        if (moment != _now)
        {
            _now = moment;
            _guard.Reset();
        }
    }

    /// <summary>Waits until the next thing is due by real time, or something comes from outside before.</summary>
    private bool FollowNext()
    {
        var due = NextDue();
        var most = due is { } moment ? moment - Now : Timeout.InfiniteTimeSpan;
        var began = _real!.GetTimestamp();
        if (most != TimeSpan.Zero && !_outside!.Wait(most))
        {
            MoveTo(due!.Value);
        }
        else
        {
            var now = Now + _real.GetElapsedTime(began);
            MoveTo(now > due ? due.Value : now);
        }
        var came = false;
        while (_outside!.TryTake(out var work))
        {
            came = true;
            work();
        }
        return came || Now != due || FireNext();
    }

    /// <summary>When the next thing is due, at the earliest now; null when nothing is.</summary>
    private DateTimeOffset? NextDue()
    {
        while (_due.TryPeek(out var timer, out var priority))
        {
            if (timer.IsDue(priority.Due))
            {
                return new DateTimeOffset(Math.Max(priority.Due, Now.UtcTicks), TimeSpan.Zero);
            }
            _due.Dequeue();
        }
        return null;
    }

    private sealed class Following(Scheduler scheduler) : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            scheduler._followers -= _ended ? 0 : 1;
            _ended = true;
        }
    }
}
