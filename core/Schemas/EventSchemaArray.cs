using System.Globalization;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// The keywords of arrays: <c>items</c>, <c>prefixItems</c>, <c>contains</c> with <c>minContains</c> and
/// <c>maxContains</c>, <c>uniqueItems</c>, <c>minItems</c>, <c>maxItems</c>.
/// </summary>
internal sealed class EventSchemaArray
{
    internal EventSchemaNode? Items { get; set; }

    internal EventSchemaNode[] Prefix { get; set; } = [];

    internal EventSchemaNode? Contains { get; set; }

    internal int ContainsMin { get; set; } = 1;

    internal int ContainsMax { get; set; } = int.MaxValue;

    internal bool IsUnique { get; set; }

    internal int CountMin { get; set; }

    internal int CountMax { get; set; } = int.MaxValue;

    /// <summary>Checks the array at an offset in one pass over its elements.</summary>
    /// <returns>The offset behind it.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        var isTracked = run.Tracked == at;
        var elements = new JsonElements(run.Text, at);
        var count = 0;
        var contained = 0;
        while (elements.MoveNext())
        {
            var node = count < Prefix.Length ? Prefix[count] : Items;
            count++;
            if (node is not null)
            {
                elements.ValueEnd = node.Check(ref run, elements.ValueStart);
            }
            // How many more fit matters only to a maximum, and to those who ask what was evaluated.
            var isCounted = Contains is not null && !run.IsDone
                && (contained < ContainsMin || ContainsMax < int.MaxValue || isTracked);
            var isContained = isCounted && Contains!.Fits(ref run, elements.ValueStart);
            contained += isContained ? 1 : 0;
            if (isTracked && (node is not null || isContained))
            {
                run.Mark(elements.ValueStart);
            }
        }
        if (!run.IsDone)
        {
            CheckCounts(ref run, at, count, contained);
        }
        if (IsUnique && !run.IsDone && JsonUnique.FindRepeat(run.Text, at) is { } repeat)
        {
            run.Fail(repeat, "uniqueItems: each element once");
        }
        return elements.End;
    }

    private void CheckCounts(ref EventSchemaRun run, int at, int count, int contained)
    {
        CheckCount(ref run, at, "minItems: at least", CountMin, "", count, count < CountMin);
        CheckCount(ref run, at, "maxItems: at most", CountMax, "", count, count > CountMax);
        if (Contains is not null)
        {
            CheckCount(ref run, at, ContainsMin == 1 ? "contains: at least" : "minContains: at least",
                ContainsMin, " of its schema", contained, contained < ContainsMin);
            CheckCount(ref run, at, "maxContains: at most", ContainsMax, " of its schema", contained,
                contained > ContainsMax);
        }
    }

    private static void CheckCount(
        ref EventSchemaRun run, int at, string rule, int limit, string what, int found, bool isWrong)
    {
        if (isWrong)
        {
            run.Fail(at, run.IsQuiet ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{rule} {limit}{what}, not {found}"));
        }
    }
}
