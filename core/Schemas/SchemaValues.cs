using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>The values that <c>enum</c> or <c>const</c> allows.</summary>
internal sealed class SchemaValues
{
    private readonly Utf8Map<bool> _texts;
    private readonly JsonConstant[] _numbers;
    private readonly ReadOnlyMemory<byte>[] _all;

    /// <param name="rule">The keyword and what it allows, for messages.</param>
    /// <param name="allowed">The values, as JSON.</param>
    internal SchemaValues(string rule, ReadOnlyMemory<byte>[] allowed)
    {
        Rule = rule;
        _all = allowed;
        _numbers =
        [
            .. allowed.Where(one => JsonWalk.KindAt(one.Span, 0) == JsonKind.Number)
                .Select(one => new JsonConstant(one.ToArray())),
        ];
        _texts = new Utf8Map<bool>(
            allowed.Where(one => JsonWalk.KindAt(one.Span, 0) == JsonKind.String)
                .Select(one => JsonText.ToText(one.Span[1..^1])).Distinct(StringComparer.Ordinal)
                .Select(text => KeyValuePair.Create(Encoding.UTF8.GetBytes(text), true)));
    }

    /// <summary>The keyword and what it allows, for messages.</summary>
    internal string Rule { get; }

    /// <summary>Whether a string without escapes, given by its content, is one of the values.</summary>
    internal bool HasText(ReadOnlySpan<byte> content) => _texts.TryGet(content, out _);

    /// <summary>Whether a number is one of the values.</summary>
    /// <param name="value">What could be read of the number.</param>
    /// <param name="number">Its text.</param>
    internal bool HasNumber(JsonDecimal value, ReadOnlySpan<byte> number)
    {
        foreach (var one in _numbers)
        {
            if (one.CompareFrom(value, number) == 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether any value is one of the values.</summary>
    internal bool Has(ReadOnlySpan<byte> value)
    {
        foreach (var one in _all)
        {
            if (JsonValue.AreEqual(one.Span, value))
            {
                return true;
            }
        }
        return false;
    }
}
