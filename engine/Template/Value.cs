using System.Text.Json;

namespace Pipeline.Engine.Template;

/// <summary>A value of a template after its intrinsic functions have been evaluated.</summary>
internal abstract record Value
{
    private const int ShownCharactersMax = 100;

    /// <summary>No value: the property is missing, or removed by <c>AWS::NoValue</c>.</summary>
    public static Value Absent { get; } = new AbsentValue();

    /// <summary>A value that could not be evaluated; its problem has been told.</summary>
    public static Value Unknown { get; } = new UnknownValue();

    /// <summary>The value as a message shows it.</summary>
    public abstract string Describe();

    /// <summary>A string.</summary>
    public static Value Of(string text) => new Scalar(text, JsonValueKind.String);

    /// <summary>A string, number or boolean: CloudFormation turns each into the one that a property wants.</summary>
    internal sealed record Scalar(string Text, JsonValueKind Kind) : Value
    {
        public override string Describe()
        {
            var shown = Text.Length <= ShownCharactersMax ? Text : $"{Text.AsSpan(0, ShownCharactersMax)}…";
            return Kind == JsonValueKind.String ? $"'{shown}'" : shown;
        }
    }

    internal sealed record List(IReadOnlyList<Value> Items) : Value
    {
        public override string Describe() => "a list";
    }

    /// <summary>An object; its members are in the template's order.</summary>
    internal sealed record Map(IReadOnlyDictionary<string, Value> Members) : Value
    {
        public override string Describe() => "an object";
    }

    private sealed record AbsentValue : Value
    {
        public override string Describe() => "nothing";
    }

    private sealed record UnknownValue : Value
    {
        public override string Describe() => "an unknown value";
    }
}
