namespace Pipeline.Engine.Template;

/// <summary>What a run changes in the template it plays. Refusals name the flags of <c>pipeline run</c>.</summary>
public sealed record TemplateOptions
{
    /// <summary>The template as it is.</summary>
    public static TemplateOptions None { get; } = new();

    /// <summary>
    /// Shards of every stream, 1 to <see cref="Core.Limits.ShardsMax"/>; null keeps the template's counts.
    /// </summary>
    /// <remarks>
    /// Refused when it is more than <see cref="SlotRule.ShardsMax"/>, as are the template's counts.
    /// </remarks>
    public int? Shards { get; init; }

    /// <summary>
    /// Functions, by <see cref="FunctionModel.Function"/>, whose mappings are off. An unknown name is refused.
    /// </summary>
    public IReadOnlyList<string> Disable { get; init; } = [];
}
