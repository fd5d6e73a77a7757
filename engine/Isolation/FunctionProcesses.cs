using System.Collections.Concurrent;

namespace Pipeline.Engine.Isolation;

/// <summary>The function processes that are alive, so that none outlives who started them.</summary>
public sealed class FunctionProcesses
{
    private readonly ConcurrentDictionary<FunctionProcess, bool> _alive = new();
    private volatile bool _isOver;

    /// <summary>How many there are.</summary>
    public int Count => _alive.Count;

    /// <summary>Ends all at once; none starts any more. From any thread.</summary>
    public void KillAll()
    {
        _isOver = true;
        foreach (var process in _alive.Keys)
        {
            process.Kill();
        }
    }

    internal void Add(FunctionProcess process)
    {
        _alive[process] = true;
        if (_isOver)
        {
            process.Kill();
        }
    }

    internal void Remove(FunctionProcess process) => _alive.TryRemove(process, out _);
}
