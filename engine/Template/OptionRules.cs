using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>Checks what a run changes against the stack it changes.</summary>
internal static class OptionRules
{
    /// <summary>Tells every option that the stack cannot take, and every stream that has too many shards.</summary>
    public static void Check(StackModel stack, TemplateOptions options, Problems problems)
    {
        if (options.Shards is < 1 or > Limits.ShardsMax)
        {
            problems.Add($"--shards {options.Shards}: a stream has 1 to {Limits.ShardsMax} shards.");
        }
        else if (SlotRule.Of(stack.Functions) is { } rule)
        {
            CheckSlots(stack, rule, options.Shards, problems);
        }
        var known = stack.Functions.Select(function => function.Function).Distinct(StringComparer.Ordinal).ToList();
        foreach (var unknown in options.Disable.Except(known, StringComparer.Ordinal))
        {
            problems.Add($"--disable {unknown}: not a function of {problems.File}; its functions: "
                + $"{(known.Count == 0 ? "none" : string.Join(", ", known))}.");
        }
    }

    private static void CheckSlots(StackModel stack, SlotRule rule, int? shards, Problems problems)
    {
        if (shards is { } all)
        {
            if (rule.Problem(all) is { } problem)
            {
                problems.Add($"--shards {all}: {problem}.");
            }
            return;
        }
        foreach (var stream in stack.Streams)
        {
            if (rule.Problem(stream.ShardCount) is { } problem)
            {
                problems.Add($"{problems.File}: {stream.LogicalId}.Properties.ShardCount: {problem}.");
            }
        }
    }
}
