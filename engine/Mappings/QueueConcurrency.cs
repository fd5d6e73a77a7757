using Pipeline.Engine.Time;

namespace Pipeline.Engine.Mappings;

/// <summary>How many batches of a queue may be under way: grows while messages wait, shrinks at errors.</summary>
/// <remarks>
/// Source: "Configuring scaling behavior for SQS event source mappings". Our choices where it gives no numbers: growth
/// is one batch at a time; an error halves; a queue found empty leaves what is in use.
/// </remarks>
internal sealed class QueueConcurrency
{
    private readonly Scheduler _scheduler;
    private readonly EngineSettings _settings;
    private readonly int _most;
    private readonly TimeSpan _step;
    private readonly Signal _changed = new();
    private readonly ITimer _growth;
    private DateTimeOffset _heldUntil;
    private DateTimeOffset? _growsAt;
    private bool _rests;

    /// <param name="most">The mapping's own bound; null for the service's.</param>
    public QueueConcurrency(int? most, Scheduler scheduler, EngineSettings settings)
    {
        (_scheduler, _settings) = (scheduler, settings);
        _most = Math.Min(most ?? int.MaxValue, settings.QueueConcurrencyMost);
        _step = TimeSpan.FromMinutes(1) / settings.QueueConcurrencyAddedPerMinute;
        Allowed = Math.Min(settings.QueueConcurrencyFirst, _most);
        _growth = scheduler.Clock.CreateTimer(
            _ => _changed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Batches that may be under way.</summary>
    public int Allowed { get; private set; }

    /// <summary>Batches that are under way.</summary>
    public int Busy { get; private set; }

    /// <summary>Waits, while messages wait, until one more batch may be under way.</summary>
    public async ValueTask WaitAsync()
    {
        _rests = false;
        while (Busy >= Allowed)
        {
            _growsAt ??= (_heldUntil > _scheduler.Now ? _heldUntil : _scheduler.Now) + _step;
            if (Allowed >= _most)
            {
                await _changed.WaitAsync();
            }
            else if (_growsAt <= _scheduler.Now)
            {
                Allowed++;
                _growsAt += _step;
            }
            else
            {
                _growth.Change(_growsAt.Value - _scheduler.Now, Timeout.InfiniteTimeSpan);
                await _changed.WaitAsync();
                _growth.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>One more batch is under way.</summary>
    public void Begin() => Busy++;

    /// <summary>A batch is no longer under way.</summary>
    public void End()
    {
        Busy--;
        GiveBack();
        _changed.Set();
    }

    /// <summary>The queue has nothing to receive: growth ends, and what is not in use is given back.</summary>
    public void Rest()
    {
        _rests = true;
        _growsAt = null;
        GiveBack();
    }

    /// <summary>The function failed: polling backs off.</summary>
    public void BackOff()
    {
        Allowed = Math.Min(Allowed, Math.Max(Allowed / 2, _settings.QueueConcurrencyLeast));
        _heldUntil = _scheduler.Now + _settings.QueueConcurrencyHold;
        _growsAt = null;
    }

    private void GiveBack()
    {
        if (_rests)
        {
            Allowed = Math.Min(Allowed, Math.Max(Busy, _settings.QueueConcurrencyFirst));
        }
    }
}
