using System.Runtime.InteropServices;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A value of an event as patterns see it: a string, number, boolean or null.</summary>
internal readonly ref struct PatternLeaf(JsonKind kind, ReadOnlySpan<byte> value)
{
    private readonly JsonDecimal _number = kind == JsonKind.Number ? JsonDecimal.Read(value) : default;

    internal JsonKind Kind { get; } = kind;

    /// <summary>A string's text, unescaped; any other value's JSON.</summary>
    internal ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Compares a number with another.</summary>
    internal int CompareTo(JsonConstant number) => number.CompareFrom(_number, Value);
}

/// <summary>One or two bounds on a number; comparison is exact.</summary>
internal sealed record NumberRange(JsonConstant? Low, bool LowIsIn, JsonConstant? High, bool HighIsIn)
{
    internal bool Contains(in PatternLeaf number) =>
        (Low is null || (number.CompareTo(Low) is var low && (low > 0 || (LowIsIn && low == 0))))
        && (High is null || (number.CompareTo(High) is var high && (high < 0 || (HighIsIn && high == 0))));
}

/// <summary>Any value but these: numbers, or strings.</summary>
internal sealed record AnythingBut(JsonConstant[] Numbers, PatternText[] Texts)
{
    internal bool Matches(in PatternLeaf leaf)
    {
        if (leaf.Kind == JsonKind.Number)
        {
            foreach (var number in Numbers)
            {
                if (leaf.CompareTo(number) == 0)
                {
                    return false;
                }
            }
        }
        else if (leaf.Kind == JsonKind.String)
        {
            foreach (var text in Texts)
            {
                if (text.Matches(leaf.Value))
                {
                    return false;
                }
            }
        }
        return true;
    }
}

/// <summary>What a pattern wants of one field: any of these values and matchers.</summary>
internal sealed class PatternValues
{
    private const int FewTextsMax = 4;

    private readonly List<byte[]> _texts = [];
    private Utf8Map<bool>? _manyTexts;

    // By kind of value, a bit: whether one may satisfy the field, or keep it from missing.
    private int _kinds;

    /// <summary>Whether the field may be missing: <c>exists</c> false.</summary>
    internal bool MayBeMissing { get; set; }

    /// <summary>Whether any value will do: <c>exists</c> true.</summary>
    internal bool MayBeAnything { get; set; }

    internal bool MayBeNull { get; set; }

    internal bool MayBeTrue { get; set; }

    internal bool MayBeFalse { get; set; }

    internal List<JsonConstant> Numbers { get; } = [];

    internal List<NumberRange> Ranges { get; } = [];

    internal List<PatternText> Matchers { get; } = [];

    internal List<AddressBlock> Addresses { get; } = [];

    internal List<AnythingBut> Exceptions { get; } = [];

    /// <summary>Whether some value of the field satisfies it; otherwise it can only be missing.</summary>
    internal bool TakesValues { get; private set; }

    /// <summary>The texts, when nothing else satisfies the field and it must be there; else null.</summary>
    internal IReadOnlyList<byte[]>? OnlyTexts { get; private set; }

    internal void AddText(byte[] text)
    {
        if (!_texts.Exists(known => known.AsSpan().SequenceEqual(text)))
        {
            _texts.Add(text);
        }
    }

    /// <summary>Call when all is added.</summary>
    internal void Seal()
    {
        if (_texts.Count > FewTextsMax)
        {
            _manyTexts = new Utf8Map<bool>(_texts.Select(text => KeyValuePair.Create(text, true)));
        }
        TakesValues = MayBeAnything || MayBeNull || MayBeTrue || MayBeFalse || Numbers.Count > 0 || Ranges.Count > 0
            || HasTexts || Exceptions.Count > 0;
        _kinds = MayBeMissing || MayBeAnything || Exceptions.Count > 0
            ? ~0
            : Bit(JsonKind.String, HasTexts) | Bit(JsonKind.Number, Numbers.Count + Ranges.Count > 0)
                | Bit(JsonKind.Boolean, MayBeTrue || MayBeFalse) | Bit(JsonKind.Null, MayBeNull);
        OnlyTexts = _kinds == Bit(JsonKind.String, true) && Matchers.Count + Addresses.Count == 0 ? _texts : null;
    }

    /// <summary>Whether a value of the kind says anything about the field.</summary>
    internal bool MayTake(JsonKind kind) => (_kinds & (1 << (int)kind)) != 0;

    internal bool Matches(in PatternLeaf leaf)
    {
        if (MayBeAnything)
        {
            return true;
        }
        var isWanted = leaf.Kind switch
        {
            JsonKind.String => MatchesText(leaf.Value),
            JsonKind.Number => MatchesNumber(leaf),
            JsonKind.Boolean => leaf.Value[0] == 't' ? MayBeTrue : MayBeFalse,
            _ => MayBeNull,
        };
        return isWanted || (Exceptions.Count > 0 && IsExcepted(leaf));
    }

    private bool HasTexts => _texts.Count > 0 || Matchers.Count > 0 || Addresses.Count > 0;

    private static int Bit(JsonKind kind, bool isTaken) => isTaken ? 1 << (int)kind : 0;

    private bool MatchesText(ReadOnlySpan<byte> text)
    {
        if (_manyTexts is not null)
        {
            if (_manyTexts.TryGet(text, out _))
            {
                return true;
            }
        }
        else
        {
            foreach (var wanted in CollectionsMarshal.AsSpan(_texts))
            {
                if (text.SequenceEqual(wanted))
                {
                    return true;
                }
            }
        }
        foreach (var matcher in CollectionsMarshal.AsSpan(Matchers))
        {
            if (matcher.Matches(text))
            {
                return true;
            }
        }
        return Addresses.Count > 0 && MatchesAddress(text);
    }

    private bool MatchesAddress(ReadOnlySpan<byte> text)
    {
        if (NetworkAddress.TryParse(text, out var address))
        {
            foreach (var block in CollectionsMarshal.AsSpan(Addresses))
            {
                if (block.Contains(address))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool MatchesNumber(in PatternLeaf number)
    {
        foreach (var wanted in CollectionsMarshal.AsSpan(Numbers))
        {
            if (number.CompareTo(wanted) == 0)
            {
                return true;
            }
        }
        foreach (var range in CollectionsMarshal.AsSpan(Ranges))
        {
            if (range.Contains(number))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsExcepted(in PatternLeaf leaf)
    {
        foreach (var exception in CollectionsMarshal.AsSpan(Exceptions))
        {
            if (exception.Matches(leaf))
            {
                return true;
            }
        }
        return false;
    }
}
