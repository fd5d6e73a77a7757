using System.Runtime.ExceptionServices;

namespace Pipeline.Engine.Storage;

/// <summary>
/// Does file work on another thread, one piece after the other in the order of asking, so that the engine's thread need
/// not wait for the disk.
/// </summary>
/// <remarks>
/// What is asked for must not change until it is done. Whoever looks at a path waits for what is asked of it, so no one
/// sees a difference but the clock on the wall. A failure is told to the next who asks for something.
/// </remarks>
public sealed class WriteBehind
{
    /// <summary>Bytes that may wait, so that memory stays flat when the disk is slow.</summary>
    private const long WaitingBytesMax = 32 * 1024 * 1024;

    private readonly object _gate = new();
    private readonly Queue<Work> _waiting = new();
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private long _bytes;
    private bool _isRunning;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Asks for work on a path.</summary>
    /// <param name="bytes">What it keeps in memory until it is done.</param>
    /// <exception cref="Exception">Work that was asked for before has failed; as it threw, mostly an IOException.</exception>
    public void Ask(string path, long bytes, Action work)
    {
        lock (_gate)
        {
            while (_bytes > WaitingBytesMax)
            {
                Monitor.Wait(_gate);
            }
            Rethrow();
            _waiting.Enqueue(new Work(path, bytes, work));
            _asked[path] = _asked.GetValueOrDefault(path) + 1;
            _bytes += bytes;
            if (!_isRunning)
            {
                _isRunning = true;
                ThreadPool.UnsafeQueueUserWorkItem(_ => Run(), null);
            }
        }
    }

    /// <summary>Waits until all that is asked of a path is done.</summary>
    /// <exception cref="IOException">Work that was asked for has failed.</exception>
    public void Await(string path)
    {
        lock (_gate)
        {
            while (_asked.ContainsKey(path))
            {
                Monitor.Wait(_gate);
            }
            Rethrow();
        }
    }

    /// <summary>Waits until all that is asked for is done.</summary>
    /// <exception cref="IOException">Some of it has failed.</exception>
    public void AwaitAll()
    {
        Settle();
        lock (_gate)
        {
            Rethrow();
        }
    }

    /// <summary>Waits until nothing is under way, whatever became of it: for the end of a run that failed.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            while (_isRunning)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private void Run()
    {
        while (TryNext(out var next))
        {
            try
            {
                next.Do();
            }
#pragma warning disable CA1031 // Whatever fails here is told on the engine's thread.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure ??= ExceptionDispatchInfo.Capture(failure);
            }
            Finish(next);
        }
    }

    private bool TryNext(out Work next)
    {
        lock (_gate)
        {
            _isRunning = _waiting.TryDequeue(out next);
            if (!_isRunning)
            {
                Monitor.PulseAll(_gate);
            }
            return _isRunning;
        }
    }

    private void Finish(Work done)
    {
        lock (_gate)
        {
            _bytes -= done.Bytes;
            if (--_asked[done.Path] == 0)
            {
                _asked.Remove(done.Path);
            }
            Monitor.PulseAll(_gate);
        }
    }

    private void Rethrow() => _failure?.Throw();

    private readonly record struct Work(string Path, long Bytes, Action Do);
}
