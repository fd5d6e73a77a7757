using System.Globalization;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Accounting;

/// <summary>A raw position as numbers: which shard, which record of it, which event of the record.</summary>
public readonly record struct RawPosition(int Shard, long Counter, int Index)
{
    /// <summary>Reads the compact text <c>shard:sequence:index</c> of one of the engine's own positions.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out RawPosition position)
    {
        position = default;
        var first = text.IndexOf((byte)':');
        var last = text.LastIndexOf((byte)':');
        if (first < 0 || first == last
            || !int.TryParse(text[..first], NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            || !SequenceCounter.TryReadCounter(text[(first + 1)..last], out var counter)
            || !int.TryParse(text[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }
        position = new RawPosition(shard, counter, index);
        return true;
    }
}
