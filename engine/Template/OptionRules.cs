using System.Globalization;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>Checks what a run changes against the stack it changes.</summary>
internal static class OptionRules
{
    private const string SlotsVariable = "SLOTS";

    /// <summary>Tells every option that the stack cannot take.</summary>
    public static void Check(StackModel stack, TemplateOptions options, Problems problems)
    {
        if (options.Shards is { } shards)
        {
            CheckShards(stack, shards, problems);
        }
        var known = stack.Functions.Select(function => function.Function).Distinct(StringComparer.Ordinal).ToList();
        foreach (var unknown in options.Disable.Except(known, StringComparer.Ordinal))
        {
            problems.Add($"--disable {unknown}: not a function of {problems.File}; its functions: "
                + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}.");
        }
    }

    private static void CheckShards(StackModel stack, int shards, Problems problems)
    {
        if (shards is < 1 or > Limits.ShardsMax)
        {
            problems.Add($"--shards {shards}: a stream has 1 to {Limits.ShardsMax} shards.");
            return;
        }
        var needed = shards * Limits.SlotsPerShardMin;
        foreach (var function in stack.Functions)
        {
            if (!function.Environment.TryGetValue(SlotsVariable, out var text))
            {
                continue;
            }
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slots) || slots < needed)
            {
                problems.Add($"--shards {shards}: {problems.File} gives {function.LogicalId} {SlotsVariable} '{text}', "
                    + $"but {shards} shards need at least {needed} slots ({Limits.SlotsPerShardMin} a shard).");
            }
        }
    }
}
