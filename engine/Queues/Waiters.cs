using Pipeline.Engine.Time;

namespace Pipeline.Engine.Queues;

/// <summary>Those who wait for a queue to have something, and the one timer that wakes them.</summary>
/// <remarks>Without a waiter no timer is set, so a queue that nobody reads moves no clock.</remarks>
internal sealed class Waiters
{
    private readonly List<(TaskCompletionSource Woken, DateTimeOffset? Until)> _waiting = [];
    private readonly Scheduler _scheduler;
    private readonly ITimer _timer;
    private DateTimeOffset? _set;

    /// <param name="onTime">Called when the moment that the timer was set to has come.</param>
    public Waiters(Scheduler scheduler, Action onTime)
    {
        _scheduler = scheduler;
        _timer = scheduler.Clock.CreateTimer(
            _ =>
            {
                _set = null;
                onTime();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits to be woken, at the latest at a moment.</summary>
    public Task WaitAsync(DateTimeOffset? until)
    {
        // Who is woken runs after the work under way, so that it finds all of a request, not its first message.
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((woken, until));
        return woken.Task;
    }

    /// <summary>Wakes those whose wait is over, or all, and sets the timer for the others.</summary>
    /// <param name="next">When something happens by itself.</param>
    public void Update(bool wakeAll, DateTimeOffset? next)
    {
        if (_waiting.Count == 0)
        {
            return;
        }
        for (var i = 0; i < _waiting.Count; i++)
        {
            if (wakeAll || _waiting[i].Until <= _scheduler.Now)
            {
                _waiting[i].Woken.SetResult();
                _waiting.RemoveAt(i--);
            }
        }
        Set(_waiting.Count == 0 ? null : _waiting.Select(waiter => waiter.Until).Append(next).Min());
    }

    private void Set(DateTimeOffset? moment)
    {
        if (moment == _set)
        {
            return;
        }
        _set = moment;
        var wait = moment is { } due ? due - _scheduler.Now : Timeout.InfiniteTimeSpan;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
