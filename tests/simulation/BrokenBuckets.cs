using Pipeline.Core;
using Pipeline.Functions.Execute;
using Pipeline.Functions.Pump;

namespace Pipeline.Tests.Simulations;

/// <summary>Stores bad rows under one name for all, each time in place of those before.</summary>
internal sealed class SharesBadRowNames(Ports inner) : BrokenPorts(inner)
{
    public override ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        key.StartsWith(BadRowStore.Prefix, StringComparison.Ordinal)
            ? base.PutAsync(
                string.Join('/', key.Split('/')[..2]) + "/rows.ndjson", body, WriteCondition.Always, cancellation)
            : base.PutAsync(key, body, condition, cancellation);
}

/// <summary>Says that bad rows are stored, and stores none.</summary>
internal sealed class StoresNoBadRows(Ports inner) : BrokenPorts(inner)
{
    public override ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        key.StartsWith(BadRowStore.Prefix, StringComparison.Ordinal)
            ? ValueTask.FromResult(new WriteResult(WriteStatus.Written, "\"0\""))
            : base.PutAsync(key, body, condition, cancellation);
}

/// <summary>Writes the records of commands, and never finds or respects one that is there.</summary>
internal sealed class IgnoresExecutionRecords(Ports inner) : BrokenPorts(inner)
{
    public override ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        base.PutAsync(key, body, IsRecord(key) ? WriteCondition.Always : condition, cancellation);

    public override ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) =>
        IsRecord(key) ? ValueTask.FromResult<StoredObject?>(null) : base.GetAsync(key, cancellation);

    private static bool IsRecord(string key) => key.StartsWith(ExecutionRecord.Prefix, StringComparison.Ordinal);
}
