using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipeline.Core.Json;

/// <summary>A fixed map from UTF-8 names to values, looked up without an allocation.</summary>
public sealed class Utf8Map<T>
{
    private readonly Entry[] _entries;

    // By hash: the place in _entries plus one, or 0; a name whose slot is taken stands in the next free one. The names
    // are the user's own, so that none are made to collide.
    private readonly int[] _slots;
    private readonly int _bits;

    /// <summary>Makes the map; names must differ.</summary>
    /// <exception cref="ArgumentException">A name is there twice.</exception>
    public Utf8Map(IEnumerable<KeyValuePair<byte[], T>> entries)
    {
        _entries = [.. entries.Select(entry => new Entry(JsonName.Of(entry.Key), entry.Key, entry.Value))];
        _bits = BitOperations.Log2((uint)_entries.Length + 1) + 2;
        _slots = new int[1 << _bits];
        for (var place = 0; place < _entries.Length; place++)
        {
            if (TryGet(_entries[place].Name, out _))
            {
                throw new ArgumentException("A name is there twice.", nameof(entries));
            }
            var slot = _entries[place].Key.Hash(_bits);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }
            _slots[slot] = place + 1;
        }
    }

    /// <summary>The number of names.</summary>
    public int Count => _entries.Length;

    /// <summary>The names, in the order given.</summary>
    public IEnumerable<byte[]> Names => _entries.Select(entry => entry.Name);

    /// <summary>The values, in the order given.</summary>
    public IEnumerable<T> Values => _entries.Select(entry => entry.Value);

    /// <summary>Finds a name's value.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out T value) =>
        TryGet(JsonName.Of(name), name, out value);

    /// <inheritdoc cref="TryGet(ReadOnlySpan{byte}, out T)"/>
    /// <param name="key">What tells the name from others.</param>
    /// <param name="name">The whole name.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGet(in JsonName key, ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out T value)
    {
        var slots = _slots;
        for (var slot = key.Hash(_bits); (uint)slot < (uint)slots.Length && slots[slot] is var next && next != 0;)
        {
            ref readonly var entry = ref _entries[next - 1];
            if (entry.Key.Resembles(key) && (key.Length <= JsonName.WordBytes || name.SequenceEqual(entry.Name)))
            {
                value = entry.Value;
                return true;
            }
            slot = (slot + 1) & (slots.Length - 1);
        }
        value = default;
        return false;
    }

    private readonly struct Entry(JsonName key, byte[] name, T value)
    {
        internal readonly JsonName Key = key;
        internal readonly byte[] Name = name;
        internal readonly T Value = value;
    }
}
