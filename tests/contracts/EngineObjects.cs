using Pipeline.Core;
using Pipeline.Engine.Storage;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's data bucket behind the port.</summary>
internal sealed class EngineObjects(DirectoryBucket bucket) : IBucketPort
{
    public async ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation) =>
        bucket.Put(key, [body], condition);

    public async ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation) => bucket.Get(key);
}
