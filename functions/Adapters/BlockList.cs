using Pipeline.Core;
using Pipeline.Functions.Enrich;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Adapters;

/// <summary>The block list as it was read last.</summary>
/// <remarks>
/// Without the object no one is blocked. An object that is no block list is a fault: the batch waits, because events
/// that went on unmarked could not be called back.
/// </remarks>
public sealed class BlockList(
    IBucketPort bucket, IOutputPort output, TimeSpan staleness, TimeProvider time, Random random) : IBlockList
{
    private readonly Dictionary<UInt128, DateTimeOffset> _until = [];
    private DateTimeOffset? _readAt;
    private string? _etag;

    /// <summary>Reads the list again when it was read longer ago than it may be used.</summary>
    /// <exception cref="PortFaultException">
    /// The bucket failed until the deadline, or the object is no block list.
    /// </exception>
    public async ValueTask RefreshAsync(DateTimeOffset now, Deadline deadline, CancellationToken cancellation)
    {
        // A clock that went back says nothing of the list's age.
        if (_readAt is { } readAt && now >= readAt && now - readAt < staleness)
        {
            return;
        }
        var list = new PatientObject(bucket, BlockListFile.Key, deadline, deadline, time, random);
        var stored = await list.GetAsync(cancellation);
        if (_readAt is null || stored?.ETag != _etag)
        {
            Take(stored);
        }
        (_readAt, _etag) = (now, stored?.ETag);
    }

    public bool IsBlocked(ReadOnlySpan<byte> address, DateTimeOffset at) =>
        _until.Count > 0
        && PublicAddress.TryParse(address, out var number, out _)
        && _until.TryGetValue(number, out var until)
        && at < until;

    private void Take(StoredObject? stored)
    {
        try
        {
            var file = BlockListFile.Read(stored);
            _until.Clear();
            foreach (var entry in file.Addresses)
            {
                _until[entry.Number] = entry.Until;
            }
        }
        catch (PortFaultException error)
        {
            Log.Write(output, error.Message);
            throw;
        }
    }
}
