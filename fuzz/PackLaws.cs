using Pipeline.Core;

namespace Pipeline.Fuzz;

/// <summary>A blob is a pack, a broken one or none; a pack's slices lie inside it and can be packed again.</summary>
internal static class PackLaws
{
    [ThreadStatic]
    private static PackReader? s_reader;

    public static void Try(byte[] input)
    {
        var reader = s_reader ??= new PackReader();
        var kind = reader.Read(input);
        LawException.Unless(
            kind == BlobKind.Pack || reader.Slices.Length == 0, "Only a pack has slices.");
        LawException.Unless(PackReader.IsPack(input) || kind is not BlobKind.Pack, "A pack begins as one.");
        foreach (var slice in reader.Slices)
        {
            LawException.Unless(
                slice.DataStart >= 0 && slice.DataLength >= 0 && slice.DataStart + slice.DataLength <= input.Length
                && slice.PartitionKeyStart >= 0 && slice.PartitionKeyLength >= 0
                && slice.PartitionKeyStart + slice.PartitionKeyLength <= input.Length,
                "A slice lies inside its pack.");
        }
    }
}
