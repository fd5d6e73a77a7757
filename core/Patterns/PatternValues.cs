using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A value of an event as patterns see it: a string, number, boolean or null.</summary>
internal readonly ref struct PatternLeaf(JsonKind kind, ReadOnlySpan<byte> value)
{
    internal JsonKind Kind { get; } = kind;

    /// <summary>A string's text, unescaped; any other value's JSON.</summary>
    internal ReadOnlySpan<byte> Value { get; } = value;
}

/// <summary>One or two bounds on a number; a bound is JSON text, so that comparison is exact.</summary>
internal sealed record NumberRange(byte[]? Low, bool LowIsIn, byte[]? High, bool HighIsIn)
{
    internal bool Contains(ReadOnlySpan<byte> number) =>
        (Low is null || JsonNumber.Compare(number, Low) is var low && (low > 0 || (LowIsIn && low == 0)))
        && (High is null || JsonNumber.Compare(number, High) is var high && (high < 0 || (HighIsIn && high == 0)));
}

/// <summary>Any value but these: numbers, or strings.</summary>
internal sealed record AnythingBut(byte[][] Numbers, PatternText[] Texts)
{
    internal bool Matches(in PatternLeaf leaf)
    {
        if (leaf.Kind == JsonKind.Number)
        {
            foreach (var number in Numbers)
            {
                if (JsonNumber.Compare(leaf.Value, number) == 0)
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

    /// <summary>Whether the field may be missing: <c>exists</c> false.</summary>
    internal bool MayBeMissing { get; set; }

    /// <summary>Whether any value will do: <c>exists</c> true.</summary>
    internal bool MayBeAnything { get; set; }

    internal bool MayBeNull { get; set; }

    internal bool MayBeTrue { get; set; }

    internal bool MayBeFalse { get; set; }

    internal List<byte[]> Numbers { get; } = [];

    internal List<NumberRange> Ranges { get; } = [];

    internal List<PatternText> Matchers { get; } = [];

    internal List<AddressBlock> Addresses { get; } = [];

    internal List<AnythingBut> Exceptions { get; } = [];

    /// <summary>Whether some value of the field satisfies it; otherwise it can only be missing.</summary>
    internal bool TakesValues { get; private set; }

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
            || _texts.Count > 0 || Matchers.Count > 0 || Addresses.Count > 0 || Exceptions.Count > 0;
    }

    internal bool Matches(in PatternLeaf leaf)
    {
        if (MayBeAnything)
        {
            return true;
        }
        var isWanted = leaf.Kind switch
        {
            JsonKind.String => MatchesText(leaf.Value),
            JsonKind.Number => MatchesNumber(leaf.Value),
            JsonKind.Boolean => leaf.Value[0] == 't' ? MayBeTrue : MayBeFalse,
            _ => MayBeNull,
        };
        return isWanted || (Exceptions.Count > 0 && IsExcepted(leaf));
    }

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
            foreach (var wanted in _texts)
            {
                if (text.SequenceEqual(wanted))
                {
                    return true;
                }
            }
        }
        foreach (var matcher in Matchers)
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
            foreach (var block in Addresses)
            {
                if (block.Contains(address))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private bool MatchesNumber(ReadOnlySpan<byte> number)
    {
        foreach (var wanted in Numbers)
        {
            if (JsonNumber.Compare(number, wanted) == 0)
            {
                return true;
            }
        }
        foreach (var range in Ranges)
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
        foreach (var exception in Exceptions)
        {
            if (exception.Matches(leaf))
            {
                return true;
            }
        }
        return false;
    }
}
