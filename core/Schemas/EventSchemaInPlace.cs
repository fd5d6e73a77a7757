using System.Globalization;
using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>
/// The keywords that check a value with other schemas: <c>$ref</c>, <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>,
/// <c>not</c>, <c>if</c>/<c>then</c>/<c>else</c>, <c>dependentSchemas</c>.
/// </summary>
internal sealed class EventSchemaInPlace
{
    internal EventSchemaReference? Reference { get; set; }

    internal EventSchemaNode[] AllOf { get; set; } = [];

    internal EventSchemaNode[] AnyOf { get; set; } = [];

    internal EventSchemaNode[] OneOf { get; set; } = [];

    internal EventSchemaNode? Not { get; set; }

    internal EventSchemaNode? If { get; set; }

    internal EventSchemaNode? Then { get; set; }

    internal EventSchemaNode? Else { get; set; }

    /// <summary>Of each member's name, the schema that holds when the member is there.</summary>
    internal Utf8Map<EventSchemaNode>? Dependents { get; set; }

    /// <summary>All the schemas that check the same value.</summary>
    internal IEnumerable<EventSchemaNode> Nodes =>
        new[] { Reference?.Target, Not, If, Then, Else }.OfType<EventSchemaNode>()
            .Concat(AllOf).Concat(AnyOf).Concat(OneOf).Concat(Dependents?.Values ?? []);

    /// <summary>Checks the value at an offset.</summary>
    /// <returns>The offset behind it, or <see cref="JsonSkip.Unknown"/> when that did not come up.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        var end = Reference?.Check(ref run, at) ?? JsonSkip.Unknown;
        foreach (var node in AllOf)
        {
            end = node.Check(ref run, at);
        }
        if (AnyOf.Length > 0 && !run.IsDone)
        {
            CheckAnyOf(ref run, at);
        }
        if (OneOf.Length > 0 && !run.IsDone)
        {
            CheckOneOf(ref run, at);
        }
        if (Not is not null && !run.IsDone)
        {
            CheckNot(ref run, at);
        }
        if (If is not null && !run.IsDone)
        {
            (If.Fits(ref run, at) ? Then : Else)?.Check(ref run, at);
        }
        if (Dependents is not null && JsonWalk.KindAt(run.Text, at) == JsonKind.Object)
        {
            CheckDependents(ref run, Dependents, at);
        }
        return end;
    }

    private void CheckAnyOf(ref EventSchemaRun run, int at)
    {
        var fits = false;
        foreach (var node in AnyOf)
        {
            fits |= node.Fits(ref run, at);
            // What else fits matters only to those who ask what was evaluated.
            if (fits && run.Tracked != at)
            {
                return;
            }
        }
        if (!fits)
        {
            Explain(ref run, at, "anyOf", AnyOf);
        }
    }

    private void CheckOneOf(ref EventSchemaRun run, int at)
    {
        var first = -1;
        for (var index = 0; index < OneOf.Length; index++)
        {
            if (!OneOf[index].Fits(ref run, at))
            {
                continue;
            }
            if (first >= 0)
            {
                run.Fail(at, run.IsQuiet ? "" : string.Create(
                    CultureInfo.InvariantCulture, $"oneOf: must fit one schema only, fits {first} and {index}"));
                return;
            }
            first = index;
        }
        if (first < 0)
        {
            Explain(ref run, at, "oneOf", OneOf);
        }
    }

    private void CheckNot(ref EventSchemaRun run, int at)
    {
        var trial = run.BeginTrial();
        Not!.Check(ref run, at);
        // What a negation evaluates never counts, so it is forgotten either way.
        var marks = trial.Marks;
        var fits = run.EndTrial(trial);
        run.Forget(marks);
        if (fits)
        {
            run.Fail(at, "not: must not fit the schema");
        }
    }

    private static void CheckDependents(ref EventSchemaRun run, Utf8Map<EventSchemaNode> dependents, int at)
    {
        var members = new JsonMembers(run.Text, at);
        while (members.MoveNext())
        {
            if (Find(dependents, members.Name) is { } node)
            {
                node.Check(ref run, at);
            }
        }
    }

    [SkipLocalsInit]
    private static EventSchemaNode? Find(Utf8Map<EventSchemaNode> dependents, ReadOnlySpan<byte> name)
    {
        using var decoded = JsonText.Decode(name, stackalloc byte[JsonText.StackBytes]);
        return dependents.TryGet(decoded.Span, out var node) ? node : null;
    }

    // Why the value fits none of them: each says so in its share of the room.
    private static void Explain(ref EventSchemaRun run, int at, string keyword, EventSchemaNode[] nodes)
    {
        run.Fail(at, run.IsQuiet ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{keyword}: must fit one of {nodes.Length} schemas"));
        for (var index = 0; index < nodes.Length && !run.IsDone; index++)
        {
            var share = run.BeginShare(
                string.Create(CultureInfo.InvariantCulture, $"{keyword}/{index}/"), nodes.Length - index);
            nodes[index].Check(ref run, at);
            run.EndShare(share);
        }
    }
}

/// <summary>A <c>$ref</c>, linked once all schemas are compiled.</summary>
/// <param name="from">The schema that has it.</param>
/// <param name="at">The offset of the reference, for messages.</param>
internal sealed class EventSchemaReference(SchemaPlace from, int at)
{
    internal SchemaPlace From { get; } = from;

    internal int At { get; } = at;

    internal EventSchemaNode? Target { get; set; }

    /// <summary>Checks the value at an offset.</summary>
    /// <returns>The offset behind it, or <see cref="JsonSkip.Unknown"/> when there is no room for more work.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        if (run.IsDone || !run.TryFollow())
        {
            return JsonSkip.Unknown;
        }
        var end = Target!.Check(ref run, at);
        run.Spend(end - at);
        return end;
    }
}
