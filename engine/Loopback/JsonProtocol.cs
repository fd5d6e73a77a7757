using System.Buffers;
using System.Text.Json;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>One operation of a service that speaks JSON: the answer to a request's members, as JSON.</summary>
internal delegate Task<ReadOnlyMemory<byte>> JsonOperation(JsonMembers request, ICaller caller);

/// <summary>The JSON protocols of AWS: a POST whose header names the operation.</summary>
/// <param name="target">What stands before the operation's name in <c>X-Amz-Target</c>.</param>
/// <param name="mediaType">Names the protocol's version.</param>
/// <remarks>Source: "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol" of Smithy.</remarks>
internal sealed class JsonProtocol(
    string target, string mediaType, IReadOnlyDictionary<string, JsonOperation> operations)
{
    private const string Target = "X-Amz-Target";

    public bool Takes(ServiceRequest request) =>
        request.Header(Target)?.StartsWith(target + ".", StringComparison.Ordinal) == true;

    public async Task<ServiceAnswer> AnswerAsync(ServiceRequest request, ICaller caller)
    {
        var name = request.Header(Target)![(target.Length + 1)..];
        if (!operations.TryGetValue(name, out var operation))
        {
            throw new ServiceException(
                "UnknownOperationException",
                $"there is no operation '{name}' here; there are {string.Join(", ", operations.Keys)}.");
        }
        using var document = Parse(request.Body);
        return new ServiceAnswer(200, mediaType, await operation(new JsonMembers(document.RootElement), caller));
    }

    /// <summary>An error.</summary>
    /// <param name="type">The error's code, as the protocol's version writes it.</param>
    public ServiceAnswer Error(int status, string type, string message) => new(
        status,
        mediaType,
        Write(json =>
        {
            json.WriteString("__type", type);
            json.WriteString("message", message);
        }));

    /// <summary>Writes an object.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw JsonMembers.Malformed(error.Message);
        }
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document
            : throw JsonMembers.Malformed("the body is no JSON object.");
    }
}

/// <summary>The members of a request; one of another type than the API's refuses the request.</summary>
internal readonly struct JsonMembers(JsonElement element)
{
    public static ServiceException Malformed(string why) => new("SerializationException", why);

    /// <summary>A text; null when it is missing.</summary>
    public string? Text(string name) => Find(name, JsonValueKind.String) is { } value ? TextOf(name, value) : null;

    /// <summary>A text that must be there.</summary>
    public string Needed(string name) => Text(name) ?? throw Missing(name);

    /// <summary>A whole number; null when it is missing.</summary>
    public int? Whole(string name) => Find(name, JsonValueKind.Number) is not { } value ? null
        : value.TryGetInt32(out var number) ? number
        : throw Malformed($"{name} is {value.GetRawText()}; allowed are whole numbers.");

    /// <summary>A moment, in seconds since 1970; null when it is missing.</summary>
    public DateTimeOffset? Moment(string name)
    {
        if (Find(name, JsonValueKind.Number) is not { } value)
        {
            return null;
        }
        var seconds = value.TryGetDecimal(out var number) ? number : decimal.MinValue;
        return seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds()
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : throw Malformed($"{name} is {value.GetRawText()}; allowed are seconds since 1970.");
    }

    /// <summary>A blob, in base64, that must be there.</summary>
    public ReadOnlyMemory<byte> Blob(string name) => Find(name, JsonValueKind.String) is not { } value
        ? throw Missing(name)
        : value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Malformed($"{name} is no base64.");

    /// <summary>An object's members; null when it is missing.</summary>
    public JsonMembers? Object(string name) =>
        Find(name, JsonValueKind.Object) is { } value ? new JsonMembers(value) : null;

    /// <summary>The objects of a list that must be there.</summary>
    public IReadOnlyList<JsonMembers> Objects(string name)
    {
        var list = Find(name, JsonValueKind.Array) ?? throw Missing(name);
        var objects = new List<JsonMembers>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            objects.Add(item.ValueKind == JsonValueKind.Object
                ? new JsonMembers(item)
                : throw Malformed($"{name} holds a {item.ValueKind}; allowed are objects."));
        }
        return objects;
    }

    /// <summary>Whether a member is there.</summary>
    public bool Has(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private JsonElement? Find(string name, JsonValueKind kind) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == kind ? value
        : throw Malformed($"{name} is a {value.ValueKind}; allowed is a {kind}.");

    private static string TextOf(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Malformed($"{name} has half a surrogate pair.");
        }
    }

    private static ServiceException Missing(string name) => new(
        "ValidationException",
        $"1 validation error detected: Value null at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy"
        + " constraint: Member must not be null");
}
