using System.Text.Json;

namespace Pipeline.Engine.Mappings;

/// <summary>The answer of a function to a batch, as ReportBatchItemFailures has it.</summary>
/// <remarks>
/// Source: "Configuring partial batch response", alike for Kinesis and SQS: an empty or null answer or list is a
/// success; JSON that is broken and an identifier that is empty, null or under a wrong name are a complete failure.
/// </remarks>
internal static class PartialResponse
{
    /// <summary>The identifiers named as failed, none for a success; null for a complete failure.</summary>
    public static IReadOnlyList<string>? Read(ReadOnlyMemory<byte> response)
    {
        if (response.Length == 0)
        {
            return [];
        }
        try
        {
            using var document = JsonDocument.Parse(response);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string>? Read(JsonElement response)
    {
        if (response.ValueKind == JsonValueKind.Null)
        {
            return [];
        }
        if (response.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        if (!response.TryGetProperty("batchItemFailures", out var failures) || failures.ValueKind == JsonValueKind.Null)
        {
            return [];
        }
        if (failures.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        var identifiers = new List<string>(failures.GetArrayLength());
        foreach (var failure in failures.EnumerateArray())
        {
            if (failure.ValueKind != JsonValueKind.Object
                || !failure.TryGetProperty("itemIdentifier", out var identifier)
                || identifier.ValueKind != JsonValueKind.String
                || identifier.GetString() is not { Length: > 0 } text)
            {
                return null;
            }
            identifiers.Add(text);
        }
        return identifiers;
    }
}
