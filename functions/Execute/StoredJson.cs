using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Adapters;

namespace Pipeline.Functions.Execute;

/// <summary>The objects of commands as JSON.</summary>
internal static class StoredJson
{
    /// <summary>The generated types; text stays readable.</summary>
    public static StoredJsonTypes Types { get; } = new(
        new JsonSerializerOptions(StoredJsonTypes.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });

    /// <summary>Reads an object.</summary>
    /// <exception cref="PortFaultException">It is not what its key says: someone must repair or delete it.</exception>
    public static T Read<T>(string key, ReadOnlyMemory<byte> body, JsonTypeInfo<T> type, string kind)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw new JsonException();
        }
        catch (JsonException error)
        {
            throw Broken(key, kind, error);
        }
    }

    /// <summary>The fault of an object that is not what its key says.</summary>
    public static PortFaultException Broken(string key, string kind, Exception error) => new(
        $"The object {key} is not {kind}. Commands that need it wait, and end in the dead-letter queue,"
        + " until it is repaired or deleted.",
        error);
}

/// <summary>Reads and writes them by generated code.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(Rfc3339JsonConverter), typeof(LowerCase<CommandPriority>), typeof(LowerCase<CommandOutcome>),
        typeof(LowerCase<IncidentState>)])]
[JsonSerializable(typeof(ExecutionRecord))]
[JsonSerializable(typeof(Incident))]
internal sealed partial class StoredJsonTypes : JsonSerializerContext;

/// <summary>The names of an enum in lower case; nothing else, no numbers.</summary>
internal sealed class LowerCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
