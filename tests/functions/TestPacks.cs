using System.Globalization;
using System.Text;
using Pipeline.Core;

namespace Pipeline.Tests.Functions;

/// <summary>Packs made and taken apart, and keys of a wanted slot.</summary>
internal static class TestPacks
{
    /// <summary>One pack of these events, whatever their slots: as a foreign producer may send it.</summary>
    public static byte[] Of(params (string Key, byte[] Data)[] events)
    {
        var writer = new PackWriter(new Slots(1), 64 * Limits.PackBytesMax);
        writer.Begin(0);
        foreach (var (key, data) in events)
        {
            writer.TryAdd(Encoding.UTF8.GetBytes(key), data);
        }
        return writer.Finish().Data.ToArray();
    }

    /// <summary>The events of an entry with their keys; one that is no pack is its own event.</summary>
    public static IEnumerable<(string Key, byte[] Data)> Unpack(PutEntry entry)
    {
        var reader = new PackReader();
        var blob = entry.Data.ToArray();
        return reader.Read(blob) switch
        {
            BlobKind.Plain => [(entry.PartitionKey, blob)],
            BlobKind.Pack => [.. reader.Slices.ToArray().Select(slice => (
                Encoding.UTF8.GetString(blob, slice.PartitionKeyStart, slice.PartitionKeyLength),
                blob[slice.DataStart..(slice.DataStart + slice.DataLength)]))],
            _ => throw new InvalidOperationException($"A broken pack was sent: {reader.Reason}"),
        };
    }

    /// <summary>A partition key that lies in a slot.</summary>
    public static string KeyIn(Slots slots, int slot) => Enumerable.Range(0, int.MaxValue)
        .Select(number => string.Create(CultureInfo.InvariantCulture, $"key-{number}"))
        .First(key => slots.SlotOf(Encoding.UTF8.GetBytes(key)) == slot);
}
