using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Gathers events and makes packs of them: one slot a pack, each slot's events in the order they came in.
/// </summary>
public sealed class PackBatch(Slots slots)
{
    private readonly List<Member> _members = [];
    private readonly List<OutgoingPack> _packs = [];
    private readonly PackWriter _packer = new(slots);
    private long[] _order = [];

    /// <summary>Events gathered.</summary>
    public int Count => _members.Count;

    public void Clear()
    {
        _members.Clear();
        _packer.Recycle();
    }

    /// <summary>Adds an event.</summary>
    /// <param name="record">The input record it came of; packs name the lowest of theirs.</param>
    /// <param name="key">Its partition key, UTF-8.</param>
    /// <param name="data">Its bytes; they must stay until the packs are made.</param>
    public void Add(int record, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> data) =>
        _members.Add(new Member(record, slots.SlotOf(key.Span), key, data));

    /// <summary>Takes back the events of a record and of those after it.</summary>
    public void TakeBack(int record) => _members.RemoveAll(member => member.Record >= record);

    /// <summary>How many events came of records before this one.</summary>
    public int CountBefore(int record)
    {
        var count = 0;
        foreach (var member in _members)
        {
            count += member.Record < record ? 1 : 0;
        }
        return count;
    }

    /// <summary>The packs, ascending by slot; valid until <see cref="Clear"/>.</summary>
    public IReadOnlyList<OutgoingPack> Pack()
    {
        _packs.Clear();
        if (_order.Length < _members.Count)
        {
            _order = new long[Math.Max(_members.Count, 2 * _order.Length)];
        }
        for (var i = 0; i < _members.Count; i++)
        {
            _order[i] = ((long)_members[i].Slot << 32) | (uint)i;
        }
        var order = _order.AsSpan(0, _members.Count);
        order.Sort();
        var (slot, lowest) = (-1, int.MaxValue);
        foreach (var place in order)
        {
            var member = _members[(int)(uint)place];
            if (member.Slot != slot || !_packer.TryAdd(member.Key, member.Data))
            {
                Finish(slot, lowest);
                (slot, lowest) = (member.Slot, member.Record);
                _packer.Begin(slot);
                _packer.TryAdd(member.Key, member.Data);
            }
            lowest = Math.Min(lowest, member.Record);
        }
        Finish(slot, lowest);
        _packer.Seal();
        return _packs;
    }

    private void Finish(int slot, int lowest)
    {
        if (slot >= 0)
        {
            _packs.Add(new OutgoingPack(_packer.FinishUnsealed(), slot, lowest));
        }
    }

    private readonly record struct Member(int Record, int Slot, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Data);
}
