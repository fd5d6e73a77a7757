using System.Runtime.CompilerServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>The types of JSON Schema, as a set.</summary>
[Flags]
internal enum SchemaTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    Number = 16,
    String = 32,
    Integer = 64,
    All = Null | Boolean | Object | Array | Number | String,
}

/// <summary>One schema or subschema: what it demands of any value, and what of each kind.</summary>
/// <remarks>
/// A value is walked once, and <see cref="Check"/> answers where it ends. Keywords that look at a value again stand in
/// <see cref="InPlace"/> and <see cref="Unevaluated"/>: they check the same offset with other nodes.
/// </remarks>
internal sealed class EventSchemaNode
{
    /// <summary>The schema <c>false</c>: no value is valid.</summary>
    internal bool IsNever { get; init; }

    internal SchemaTypes Types { get; set; } = SchemaTypes.All;

    /// <summary>The keyword <c>type</c> and what it allows, for messages.</summary>
    internal string TypeRule { get; set; } = "";

    internal EventSchemaObject? Object { get; set; }

    internal EventSchemaArray? Array { get; set; }

    internal EventSchemaText? Text { get; set; }

    internal EventSchemaNumber? Number { get; set; }

    /// <summary>What <c>enum</c> and <c>const</c> allow: every one of these lists must hold the value.</summary>
    internal List<(string Rule, ReadOnlyMemory<byte>[] Allowed)>? Values { get; set; }

    /// <summary>References, combinations and conditions.</summary>
    internal EventSchemaInPlace? InPlace { get; set; }

    internal EventSchemaUnevaluated? Unevaluated { get; set; }

    /// <summary>Checks the value at an offset.</summary>
    /// <returns>The offset behind the value.</returns>
    internal int Check(ref EventSchemaRun run, int at)
    {
        var text = run.Text;
        if (run.IsDone)
        {
            return JsonWalk.SkipValue(text, at);
        }
        if (IsNever)
        {
            run.Fail(at, "false: the schema allows no value");
            return JsonWalk.SkipValue(text, at);
        }
        if (Unevaluated is not null)
        {
            return Unevaluated.Check(ref run, this, at);
        }
        var end = CheckOwn(ref run, at);
        InPlace?.Check(ref run, at);
        return end;
    }

    /// <summary>Whether the value at an offset is valid; errors are not reported.</summary>
    internal bool Fits(ref EventSchemaRun run, int at)
    {
        var trial = run.BeginTrial();
        Check(ref run, at);
        return run.EndTrial(trial);
    }

    /// <summary>Checks the keywords that look at a value for the first time.</summary>
    /// <returns>The offset behind the value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int CheckOwn(ref EventSchemaRun run, int at)
    {
        var text = run.Text;
        var kind = JsonWalk.KindAt(text, at);
        if (Types != SchemaTypes.All && !HasType(kind, text, at))
        {
            run.Fail(at, TypeRule);
        }
        var end = CheckKind(ref run, kind, at);
        if (Values is not null)
        {
            CheckValues(ref run, at, text[at..end]);
        }
        return end;
    }

    private int CheckKind(ref EventSchemaRun run, JsonKind kind, int at)
    {
        if (kind == JsonKind.Object && Object is not null)
        {
            return Object.Check(ref run, at);
        }
        if (kind == JsonKind.Array && Array is not null)
        {
            return Array.Check(ref run, at);
        }
        var end = JsonWalk.SkipValue(run.Text, at);
        if (kind == JsonKind.String)
        {
            Text?.Check(ref run, at, end);
        }
        else if (kind == JsonKind.Number)
        {
            Number?.Check(ref run, at, end);
        }
        return end;
    }

    private bool HasType(JsonKind kind, ReadOnlySpan<byte> text, int at)
    {
        var type = kind switch
        {
            JsonKind.Null => SchemaTypes.Null,
            JsonKind.Boolean => SchemaTypes.Boolean,
            JsonKind.Object => SchemaTypes.Object,
            JsonKind.Array => SchemaTypes.Array,
            JsonKind.String => SchemaTypes.String,
            _ => SchemaTypes.Number,
        };
        return (Types & type) != 0
            || (kind == JsonKind.Number && (Types & SchemaTypes.Integer) != 0
                && new JsonNumber(text[at..JsonWalk.SkipValue(text, at)]).IsInteger);
    }

    private void CheckValues(ref EventSchemaRun run, int at, ReadOnlySpan<byte> value)
    {
        foreach (var (rule, allowed) in Values!)
        {
            var isAllowed = false;
            foreach (var one in allowed)
            {
                isAllowed = isAllowed || JsonValue.AreEqual(one.Span, value);
            }
            if (!isAllowed)
            {
                run.Fail(at, rule);
            }
        }
    }
}
