namespace Pipeline.Engine.Time;

/// <summary>Wakes the one that waits when something happened since it last looked.</summary>
public sealed class Signal
{
    private TaskCompletionSource? _waiting;
    private bool _set;

    /// <summary>Something happened.</summary>
    public void Set()
    {
        _set = true;
        if (_waiting is { } waiting)
        {
            _waiting = null;
            waiting.SetResult();
        }
    }

    /// <summary>Waits until something has happened since the last wait ended.</summary>
    public async ValueTask WaitAsync()
    {
        if (!_set)
        {
            _waiting = new TaskCompletionSource();
            await _waiting.Task;
        }
        _set = false;
    }
}
