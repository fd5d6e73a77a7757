using Pipeline.Engine.Functions;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;

namespace Pipeline.Engine.Loopback;

/// <summary>The services of an engine, as its functions call them.</summary>
internal static class EngineServices
{
    /// <summary>Those of what a template names.</summary>
    public static IReadOnlyList<IService> Of(StackModel stack, StreamApi streams, World world, TimeProvider clock) =>
    [
        new KinesisService(streams), new QueueService(world),
        new ObjectService(world.Bucket, [.. stack.Buckets.Select(bucket => bucket.Name)], clock),
    ];
}
