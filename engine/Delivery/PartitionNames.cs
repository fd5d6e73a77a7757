using System.Text;
using System.Text.Json;

namespace Pipeline.Engine.Delivery;

/// <summary>Turns the partition key's JSON value into the text it has in a prefix; remembers the last ones.</summary>
internal sealed class PartitionNames
{
    private const int KnownMax = 4096;

    private readonly Dictionary<ulong, (byte[] Json, string Name)> _known = [];

    /// <summary>False when the value is missing, null or empty; then the record has no partition.</summary>
    public bool TryFind(ReadOnlySpan<byte> json, out string name)
    {
        name = "";
        if (json.Length == 0)
        {
            return false;
        }
        var key = (ulong)(uint)Fold(json) << 32 | (uint)json.Length;
        if (_known.TryGetValue(key, out var known) && json.SequenceEqual(known.Json))
        {
            name = known.Name;
            return true;
        }
        using var document = JsonDocument.Parse(json.ToArray());
        name = document.RootElement.ValueKind switch
        {
            JsonValueKind.String => document.RootElement.GetString()!,
            JsonValueKind.Number => Encoding.ASCII.GetString(json),
            _ => "",
        };
        if (name.Length == 0)
        {
            return false;
        }
        if (_known.Count == KnownMax)
        {
            _known.Clear();
        }
        _known[key] = (json.ToArray(), name);
        return true;
    }

    private static int Fold(ReadOnlySpan<byte> bytes)
    {
        var hash = 17;
        foreach (var b in bytes)
        {
            hash = (hash * 31) + b;
        }
        return hash;
    }
}
