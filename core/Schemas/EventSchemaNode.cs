using System.Runtime.InteropServices;
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
    internal List<SchemaValues> Values { get; } = [];

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
        if (InPlace is null)
        {
            return CheckOwn(ref run, at);
        }
        // What only refers or combines leaves the one walk over the value to the others.
        var isOwn = Types != SchemaTypes.All || Values.Count > 0
            || Object is not null || Array is not null || Text is not null || Number is not null;
        var end = isOwn ? CheckOwn(ref run, at) : JsonSkip.Unknown;
        end = Math.Max(end, InPlace.Check(ref run, at));
        return end == JsonSkip.Unknown ? JsonWalk.SkipValue(text, at) : end;
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
    internal int CheckOwn(ref EventSchemaRun run, int at)
    {
        var text = run.Text;
        var kind = JsonWalk.KindAt(text, at);
        if (kind == JsonKind.String)
        {
            return CheckText(ref run, at);
        }
        if (kind == JsonKind.Number)
        {
            return CheckNumber(ref run, at);
        }
        CheckType(ref run, at, TypeOf(kind));
        var end = (kind, Object, Array) switch
        {
            (JsonKind.Object, not null, _) => Object.Check(ref run, at),
            (JsonKind.Array, _, not null) => Array.Check(ref run, at),
            _ => JsonWalk.SkipValue(text, at),
        };
        foreach (var values in CollectionsMarshal.AsSpan(Values))
        {
            if (!values.Has(text[at..end]))
            {
                run.Fail(at, values.Rule);
            }
        }
        return end;
    }

    private int CheckText(ref EventSchemaRun run, int at)
    {
        var text = run.Text;
        CheckType(ref run, at, SchemaTypes.String);
        var end = JsonSkip.FindQuote(text, at + 1) + 1;
        var isPlain = end <= text.Length && text[end - 1] == '"';
        end = isPlain ? end : JsonWalk.SkipString(text, at);
        Text?.Check(ref run, at, end, isPlain);
        foreach (var values in CollectionsMarshal.AsSpan(Values))
        {
            if (!(isPlain ? values.HasText(text[(at + 1)..(end - 1)]) : values.Has(text[at..end])))
            {
                run.Fail(at, values.Rule);
            }
        }
        return end;
    }

    private int CheckNumber(ref EventSchemaRun run, int at)
    {
        var text = run.Text;
        var end = JsonSkip.Scalar(text, at);
        var value = JsonDecimal.Read(text[at..end]);
        var isInteger = (Types & SchemaTypes.Integer) != 0
            && (value.IsRead ? value.IsInteger : new JsonNumber(text[at..end]).IsInteger);
        CheckType(ref run, at, isInteger ? SchemaTypes.Integer : SchemaTypes.Number);
        Number?.Check(ref run, at, end, value);
        foreach (var values in CollectionsMarshal.AsSpan(Values))
        {
            if (!values.HasNumber(value, text[at..end]))
            {
                run.Fail(at, values.Rule);
            }
        }
        return end;
    }

    private void CheckType(ref EventSchemaRun run, int at, SchemaTypes type)
    {
        if ((Types & type) == 0)
        {
            run.Fail(at, TypeRule);
        }
    }

    private static SchemaTypes TypeOf(JsonKind kind) => kind switch
    {
        JsonKind.Null => SchemaTypes.Null,
        JsonKind.Boolean => SchemaTypes.Boolean,
        JsonKind.Object => SchemaTypes.Object,
        _ => SchemaTypes.Array,
    };
}
