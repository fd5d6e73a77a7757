using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>One blocked address.</summary>
/// <param name="Address">In its canonical text.</param>
/// <param name="Until">It is blocked before this moment.</param>
/// <param name="Command">The id of the command that asked for it last.</param>
/// <param name="Reason">Why, in the command's words.</param>
public sealed record BlockedAddress(string Address, DateTimeOffset Until, string Command, string? Reason = null)
{
    /// <summary>The address as a number, IPv4 as IPv4-mapped; one address has one number.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    [JsonIgnore]
    public UInt128 Number =>
        PublicAddress.TryParse(Encoding.UTF8.GetBytes($"\"{Address}\""), out var number, out _)
            ? number
            : throw new FormatException();
}

/// <summary>The object <c>blocklist.json</c>: who is blocked, and until when.</summary>
/// <param name="Addresses">Each address once.</param>
public sealed record BlockListFile(IReadOnlyList<BlockedAddress> Addresses)
{
    /// <summary>The object's key.</summary>
    public const string Key = "blocklist.json";

    private static readonly BlockListJson Json = new(
        new JsonSerializerOptions(BlockListJson.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });

    /// <summary>Reads the object; an empty list when there is none.</summary>
    /// <exception cref="PortFaultException">It is no block list: someone must repair or delete it.</exception>
    public static BlockListFile Read(StoredObject? stored)
    {
        if (stored is null)
        {
            return new BlockListFile([]);
        }
        try
        {
            var file = JsonSerializer.Deserialize(stored.Body.Span, Json.BlockListFile)
                ?? throw new JsonException(null, "$", null, null);
            for (var index = 0; index < file.Addresses.Count; index++)
            {
                CheckAddress(file.Addresses[index], index);
            }
            return file;
        }
        catch (JsonException error)
        {
            throw new PortFaultException(
                $"{Key}{Fragment(error.Path)}: this is no block list; allowed is"
                + " {\"addresses\": [{\"address\", \"until\", \"command\", \"reason\"?}]}."
                + " Nothing is enriched or blocked until the object is repaired or deleted; nothing is lost.",
                error);
        }
    }

    /// <summary>The object's bytes.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json.BlockListFile);

    private static void CheckAddress(BlockedAddress? entry, int index)
    {
        try
        {
            _ = entry?.Number ?? throw new FormatException();
        }
        catch (FormatException error)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"$.addresses[{index}].address");
            throw new JsonException(null, path, null, null, error);
        }
    }

    // $.addresses[3].until is #/addresses/3/until: no name of ours holds a character that a pointer escapes.
    private static string Fragment(string? path) => path is null or "$" ? ""
        : "#" + path.TrimStart('$').Replace('.', '/').Replace('[', '/').Replace("]", "", StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(Rfc3339JsonConverter)])]
[JsonSerializable(typeof(BlockListFile))]
internal sealed partial class BlockListJson : JsonSerializerContext;
