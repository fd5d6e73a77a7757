using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Engine.Time;

/// <summary>What other threads leave for one that takes it, first in, first out, and that may wait for it.</summary>
/// <param name="real">Real time, by which a wait ends.</param>
public sealed class Mailbox<T>(TimeProvider real)
{
    // A timer takes no longer time; who waits longer waits again.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    private readonly object _gate = new();
    private readonly Queue<T> _items = new();

    /// <summary>Leaves something; from any thread.</summary>
    public void Post(T item)
    {
        lock (_gate)
        {
            _items.Enqueue(item);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes what came first; false when there is nothing.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        lock (_gate)
        {
            return _items.TryDequeue(out item);
        }
    }

    /// <summary>Holds the thread until something is there; false when the time was over before.</summary>
    /// <param name="most">How long to wait, of real time; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    public bool Wait(TimeSpan most)
    {
        while (most > s_longestWait)
        {
            if (Wait(s_longestWait))
            {
                return true;
            }
            most -= s_longestWait;
        }
        var isOver = false;
        lock (_gate)
        {
            if (_items.Count > 0)
            {
                return true;
            }
        }
        using var timer = real.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    isOver = true;
                    Monitor.PulseAll(_gate);
                }
            },
            null, most, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            while (_items.Count == 0 && !isOver)
            {
                Monitor.Wait(_gate);
            }
            return _items.Count > 0;
        }
    }
}
