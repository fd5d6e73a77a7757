using Pipeline.Functions.Validate;

namespace Pipeline.Functions.Adapters;

/// <summary><c>pipeline.json</c>: the rules that concern the pipeline as a whole.</summary>
/// <param name="AllowedDisorder">
/// How far events may be out of order before they count as late; PT1M unless said.
/// </param>
/// <param name="DedupeHorizon">
/// How long an event's identity is remembered after its last arrival; PT1H unless said.
/// </param>
/// <param name="ClockSkewMax">How far ahead of its arrival an event's time is believed; PT5M unless said.</param>
/// <param name="IdleAfter">When a silent shard's watermark moves by itself; PT5M unless said.</param>
/// <param name="EarlyEvery">How often windows fire early; never unless said.</param>
/// <param name="UnknownType">What becomes of a type without a schema; reject unless said.</param>
public sealed record PipelineRules(
    TimeSpan AllowedDisorder,
    TimeSpan DedupeHorizon,
    TimeSpan ClockSkewMax,
    TimeSpan IdleAfter,
    TimeSpan? EarlyEvery,
    UnknownType UnknownType)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Reads the file.</summary>
    /// <exception cref="Core.ConfigurationException">A member is unknown or wrong.</exception>
    public static PipelineRules Read(ConfigFile file)
    {
        file.AllowOnly("allowedDisorder", "dedupeHorizon", "clockSkewMax", "idleAfter", "earlyEvery", "unknownType");
        return new PipelineRules(
            file.Duration("allowedDisorder", TimeSpan.FromMinutes(1), Day),
            file.Duration("dedupeHorizon", TimeSpan.FromHours(1), Week),
            file.Duration("clockSkewMax", TimeSpan.FromMinutes(5), Day),
            file.Duration("idleAfter", TimeSpan.FromMinutes(5), Day),
            file.OptionalDuration("earlyEvery", Day),
            (UnknownType)file.Choice("unknownType", "reject", "accept"));
    }
}
