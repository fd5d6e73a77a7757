using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// The keywords of objects that few schemas use: <c>patternProperties</c>, <c>propertyNames</c>,
/// <c>minProperties</c>, <c>maxProperties</c>.
/// </summary>
internal sealed class EventSchemaMembers
{
    internal List<(SchemaExpression Expression, string Shown, EventSchemaNode Node)> Patterns { get; } = [];

    internal EventSchemaNode? Names { get; set; }

    internal int CountMin { get; set; }

    internal int CountMax { get; set; } = int.MaxValue;

    internal bool IsEmpty => Patterns.Count == 0 && Names is null && CountMin == 0 && CountMax == int.MaxValue;

    /// <summary>Checks a member's name, and its value with the schemas whose patterns the name matches.</summary>
    /// <param name="nameAt">The offset of the name's content.</param>
    /// <returns>Whether a pattern matches the name.</returns>
    internal bool CheckMember(ref EventSchemaRun run, int nameAt, ReadOnlySpan<byte> name, int valueAt)
    {
        if (Names is not null && !run.IsDone)
        {
            var share = run.BeginShare("propertyNames/", 1);
            // With its quotes the name is a value of its own.
            Names.Check(ref run, nameAt - 1);
            run.EndShare(share);
        }
        return Patterns.Count > 0 && CheckPatterns(ref run, name, valueAt);
    }

    [SkipLocalsInit]
    private bool CheckPatterns(ref EventSchemaRun run, ReadOnlySpan<byte> name, int valueAt)
    {
        using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
        var isNamed = false;
        foreach (var (expression, _, node) in Patterns)
        {
            if (expression.IsMatch(decoded.Span))
            {
                isNamed = true;
                node.Check(ref run, valueAt);
            }
        }
        return isNamed;
    }

    internal void CheckCount(ref EventSchemaRun run, int at, int count)
    {
        if (count < CountMin)
        {
            run.Fail(at, run.IsQuiet ? "" : string.Create(
                CultureInfo.InvariantCulture, $"minProperties: at least {CountMin}, not {count}"));
        }
        if (count > CountMax)
        {
            run.Fail(at, run.IsQuiet ? "" : string.Create(
                CultureInfo.InvariantCulture, $"maxProperties: at most {CountMax}, not {count}"));
        }
    }
}
