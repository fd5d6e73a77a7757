using System.Globalization;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>The keywords of arrays: <c>items</c>, <c>minItems</c>, <c>maxItems</c>.</summary>
internal sealed class EventSchemaArray
{
    internal EventSchemaNode? Items { get; set; }

    internal int CountMin { get; set; }

    internal int CountMax { get; set; } = int.MaxValue;

    /// <summary>Checks the array at an offset in one pass over its elements.</summary>
    /// <returns>The offset behind it.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        var elements = new JsonElements(run.Text, at);
        var count = 0;
        while (elements.MoveNext())
        {
            count++;
            if (Items is not null)
            {
                elements.ValueEnd = Items.Check(ref run, elements.ValueStart);
            }
        }
        if (count < CountMin)
        {
            run.Fail(at, string.Create(CultureInfo.InvariantCulture, $"minItems: at least {CountMin}, not {count}"));
        }
        if (count > CountMax)
        {
            run.Fail(at, string.Create(CultureInfo.InvariantCulture, $"maxItems: at most {CountMax}, not {count}"));
        }
        return elements.End;
    }
}
