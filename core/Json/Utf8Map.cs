using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Core.Json;

/// <summary>A fixed map from UTF-8 names to values, looked up without an allocation.</summary>
public sealed class Utf8Map<T>
{
    private readonly (byte[] Name, T Value)[] _entries;

    // Of each hash, the places in _entries, by chains: _next[i] is the place after i, or -1.
    private readonly int[] _first;
    private readonly int[] _next;

    /// <summary>Makes the map; names must differ.</summary>
    /// <exception cref="ArgumentException">A name is there twice.</exception>
    public Utf8Map(IEnumerable<KeyValuePair<byte[], T>> entries)
    {
        _entries = [.. entries.Select(entry => (entry.Key, entry.Value))];
        _first = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_entries.Length + 1)];
        _next = new int[_entries.Length];
        Array.Fill(_first, -1);
        for (var place = 0; place < _entries.Length; place++)
        {
            if (TryGet(_entries[place].Name, out _))
            {
                throw new ArgumentException("A name is there twice.", nameof(entries));
            }
            ref var first = ref _first[Slot(_entries[place].Name)];
            _next[place] = first;
            first = place;
        }
    }

    /// <summary>The number of names.</summary>
    public int Count => _entries.Length;

    /// <summary>The names, in the order given.</summary>
    public IEnumerable<byte[]> Names => _entries.Select(entry => entry.Name);

    /// <summary>The values, in the order given.</summary>
    public IEnumerable<T> Values => _entries.Select(entry => entry.Value);

    /// <summary>Finds a name's value.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [MaybeNullWhen(false)] out T value)
    {
        for (var place = _first[Slot(name)]; place >= 0; place = _next[place])
        {
            if (name.SequenceEqual(_entries[place].Name))
            {
                value = _entries[place].Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    // The names are the user's own, so a cheap hash of length, ends and middle serves.
    private int Slot(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }
        var mixed = (uint)name.Length * 0x9E3779B1;
        mixed = (mixed ^ name[0]) * 0x85EBCA6B;
        mixed = (mixed ^ name[^1]) * 0xC2B2AE35;
        mixed = (mixed ^ name[name.Length / 2]) * 0x27D4EB2F;
        return (int)((mixed ^ (mixed >> 15)) & (uint)(_first.Length - 1));
    }
}
