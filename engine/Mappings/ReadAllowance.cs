using Pipeline.Core;

namespace Pipeline.Engine.Mappings;

/// <summary>What one GetRecords answer brings: the records there were at the call, up to its limits.</summary>
/// <param name="before">The counter after the newest record at the call.</param>
internal struct ReadAllowance(long before)
{
    private int _records = Limits.GetRecordsCountMax;
    private int _bytes = Limits.GetRecordsBytesMax;

    /// <summary>Records from this counter on came after the call.</summary>
    public readonly long Before => before;

    public readonly bool HasRoom => _records > 0 && _bytes > 0;

    public void Take(int bytes)
    {
        _records--;
        _bytes -= bytes;
    }
}
