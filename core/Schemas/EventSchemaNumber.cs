using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A bound of numbers: the keyword and limit for messages, the limit, and which side of it is valid.</summary>
/// <param name="Rule">The keyword and what it allows.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Side">1 when a number must lie above the limit, -1 when below.</param>
/// <param name="IsExclusive">Whether the limit itself is not valid.</param>
internal sealed record SchemaBound(string Rule, JsonConstant Limit, int Side, bool IsExclusive);

/// <summary>
/// The keywords of numbers: <c>minimum</c>, <c>maximum</c>, <c>exclusiveMinimum</c>, <c>exclusiveMaximum</c>,
/// <c>multipleOf</c>; exact.
/// </summary>
internal sealed class EventSchemaNumber
{
    internal List<SchemaBound> Bounds { get; } = [];

    internal JsonDivisor? Divisor { get; set; }

    internal string DivisorRule { get; set; } = "";

    /// <summary>Checks the number at an offset.</summary>
    /// <param name="end">The offset behind it.</param>
    /// <param name="value">What could be read of it.</param>
    internal void Check(ref EventSchemaRun run, int at, int end, JsonDecimal value)
    {
        foreach (var bound in Bounds)
        {
            var order = bound.Limit.CompareFrom(value, run.Text[at..end]) * bound.Side;
            if (order < 0 || (order == 0 && bound.IsExclusive))
            {
                run.Fail(at, bound.Rule);
            }
        }
        if (Divisor is not null && !Divisor.Divides(value, run.Text[at..end]))
        {
            run.Fail(at, DivisorRule);
        }
    }
}
