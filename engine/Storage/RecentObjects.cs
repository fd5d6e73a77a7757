using Pipeline.Core;

namespace Pipeline.Engine.Storage;

/// <summary>
/// The small objects that were used last, in memory: one that is written again and again becomes a file once, when
/// others push it out or everything is written.
/// </summary>
/// <param name="write">Writes an object's file.</param>
internal sealed class RecentObjects(Action<string, ReadOnlyMemory<byte>> write)
{
    /// <summary>Largest object that is kept.</summary>
    public const int ObjectBytesMax = 256 * 1024;

    private const int CountMax = 512;
    private const int BytesMax = 16 * 1024 * 1024;

    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _oldestFirst = new();
    private int _bytes;

    public bool TryFind(string key, out StoredObject? stored)
    {
        stored = null;
        if (_entries.TryGetValue(key, out var node))
        {
            _oldestFirst.Remove(node);
            _oldestFirst.AddLast(node);
            stored = node.Value.Stored;
        }
        return stored is not null;
    }

    /// <summary>Keeps an object.</summary>
    /// <param name="isWritten">Whether its file holds the same already.</param>
    public void Keep(string key, StoredObject stored, bool isWritten)
    {
        Forget(key);
        _entries.Add(key, _oldestFirst.AddLast(new Entry(key, stored, isWritten)));
        _bytes += stored.Body.Length;
        while (_entries.Count > CountMax || _bytes > BytesMax)
        {
            var oldest = _oldestFirst.First!.Value;
            Write(oldest);
            Forget(oldest.Key);
        }
    }

    /// <summary>Forgets an object, because something else takes its place.</summary>
    public void Forget(string key)
    {
        if (_entries.Remove(key, out var node))
        {
            _oldestFirst.Remove(node);
            _bytes -= node.Value.Stored.Body.Length;
        }
    }

    /// <summary>Writes everything that is not in its file yet.</summary>
    public void Flush()
    {
        for (var node = _oldestFirst.First; node is not null; node = node.Next)
        {
            Write(node.Value);
            node.Value = node.Value with { IsWritten = true };
        }
    }

    private void Write(Entry entry)
    {
        if (!entry.IsWritten)
        {
            write(entry.Key, entry.Stored.Body);
        }
    }

    private readonly record struct Entry(string Key, StoredObject Stored, bool IsWritten);
}
