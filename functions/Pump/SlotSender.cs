using System.Text;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Puts packs on a stream so that order per slot, and with it per key, survives throttling and partial failure.
/// </summary>
/// <remarks>
/// A request holds at most one pack of a slot, and a slot's next pack waits until its predecessor was accepted. Only
/// failed entries are sent again, after a backoff. A request that failed as a whole is sent again as a whole, so what
/// the stream had taken of it comes twice: delivery is at least once, order is that of the first copies.
/// </remarks>
public sealed class SlotSender(IStreamPort streams, string stream, TimeProvider time, Random random)
{
    private readonly Backoff _backoff = new(time, random);
    private readonly List<OutgoingPack> _waiting = [];
    private readonly List<OutgoingPack> _request = [];
    private readonly List<OutgoingPack> _held = [];
    private readonly List<PutEntry> _entries = [];

    /// <summary>Entries put again since the last call of <see cref="SendAsync"/> began.</summary>
    public int Retries { get; private set; }

    /// <summary>Sends all packs, or as many as the deadline allows.</summary>
    /// <param name="packs">Ascending by slot; packs of one slot in their order.</param>
    /// <returns>
    /// The packs not accepted when the deadline came; empty when all is well. Valid until the next call.
    /// </returns>
    public async ValueTask<IReadOnlyList<OutgoingPack>> SendAsync(
        IReadOnlyList<OutgoingPack> packs, Deadline deadline, CancellationToken cancellation)
    {
        Retries = 0;
        _backoff.Reset();
        _waiting.Clear();
        _waiting.AddRange(packs);
        while (_waiting.Count > 0)
        {
            TakeRequest();
            var failed = await PutAsync(cancellation);
            KeepFailed(failed);
            if (!await _backoff.AfterAsync(failed.Count, deadline, cancellation))
            {
                break;
            }
            Retries += failed.Count;
            if (deadline.HasPassed)
            {
                break;
            }
        }
        return _waiting;
    }

    private void TakeRequest()
    {
        _request.Clear();
        _held.Clear();
        _entries.Clear();
        var bytes = 0;
        var lastSlot = -1;
        foreach (var pack in _waiting)
        {
            var size = pack.Entry.Data.Length + Encoding.UTF8.GetByteCount(pack.Entry.PartitionKey);
            if (pack.Slot == lastSlot
                || _request.Count == Limits.PutRecordsCountMax
                || (bytes + size > Limits.PutRecordsBytesMax && _request.Count > 0))
            {
                _held.Add(pack);
            }
            else
            {
                _request.Add(pack);
                _entries.Add(pack.Entry);
                bytes += size;
            }
            lastSlot = pack.Slot;
        }
    }

    private async ValueTask<IReadOnlyList<OutgoingPack>> PutAsync(CancellationToken cancellation)
    {
        try
        {
            var results = await streams.PutRecordsAsync(stream, _entries, cancellation);
            List<OutgoingPack>? failed = null;
            for (var i = 0; i < _request.Count; i++)
            {
                if (i >= results.Count || !results[i].Accepted)
                {
                    (failed ??= []).Add(_request[i]);
                }
            }
            return failed ?? (IReadOnlyList<OutgoingPack>)[];
        }
        catch (PortFaultException)
        {
            return [.. _request];
        }
    }

    /// <summary>
    /// Failed packs go back before the held ones of their slot: both lists are in order of slots, and so is the merge.
    /// </summary>
    private void KeepFailed(IReadOnlyList<OutgoingPack> failed)
    {
        _waiting.Clear();
        var next = 0;
        foreach (var held in _held)
        {
            while (next < failed.Count && failed[next].Slot <= held.Slot)
            {
                _waiting.Add(failed[next++]);
            }
            _waiting.Add(held);
        }
        while (next < failed.Count)
        {
            _waiting.Add(failed[next++]);
        }
    }
}
