using System.Globalization;
using System.Numerics;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>
/// How many open shards a stream may have: each needs <see cref="Limits.SlotsPerShardMin"/> slots, to spread load.
/// </summary>
/// <param name="Slots">The fewest slots that any function of the stack groups its events into.</param>
public sealed record SlotRule(int Slots)
{
    private const string SlotsVariable = "SLOTS";
    private const string OutputVariable = "OUTPUT_STREAM";

    /// <summary>Most open shards of a stream.</summary>
    public int ShardsMax => Slots / Limits.SlotsPerShardMin;

    /// <summary>The rule of a stack's functions; null when none of them writes to a stream.</summary>
    public static SlotRule? Of(IEnumerable<FunctionModel> functions)
    {
        var slots = functions.Select(function => SlotsOf(function.Environment)).OfType<int>().ToList();
        return slots.Count > 0 ? new SlotRule(slots.Min()) : null;
    }

    /// <summary>Why a stream may not have so many open shards; null when it may.</summary>
    public string? Problem(int shards)
    {
        var needed = (long)shards * Limits.SlotsPerShardMin;
        return shards <= ShardsMax ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{shards} shards need at least {needed} slots ({Limits.SlotsPerShardMin} a shard), but the functions "
            + $"have {Slots}; keep to {ShardsMax} shards, or drain the pipeline and synthesize it with "
            + $"-c slots={BitOperations.RoundUpToPowerOf2((ulong)needed)}");
    }

    /// <summary>What is not a number fits no shard; the function itself says what is wrong with it.</summary>
    private static int? SlotsOf(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(SlotsVariable, out var text)
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slots) ? slots : 0
            : environment.ContainsKey(OutputVariable) ? Limits.SlotsDefault : null;
}
