using Pipeline.Core;
using Pipeline.Functions.Adapters;

namespace Pipeline.Functions.Execute;

/// <summary>Every command, by name.</summary>
public static class Commands
{
    /// <summary>The handlers, in ordinal order of their names.</summary>
    public static IReadOnlyDictionary<string, ICommandHandler> Handlers(
        IBucketPort bucket, ExecuteRules rules, TimeProvider time, Random random)
    {
        var objects = new SharedObjects(bucket, time, random);
        return new SortedDictionary<string, ICommandHandler>(StringComparer.Ordinal)
        {
            ["open-incident"] = new OpenIncident(objects),
            ["close-incident"] = new CloseIncident(objects),
            ["notify"] = new Notify(objects),
            ["block-address"] = new BlockAddress(objects, rules),
        };
    }
}
