using System.Buffers;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Json;

namespace Pipeline.Core.Commands;

/// <summary>
/// Commands as JSON, as they travel in a message's body: <c>{ "id", "name", "args", "priority", "requestedAt",
/// "deadline"?, "cause": { "partitionkey", "source", "id" } }</c>.
/// </summary>
public static class CommandText
{
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    // Arguments may hold a value of an event, itself as deep as an event may be, deep inside of their own.
    private static readonly JsonDocumentOptions Nested = new() { MaxDepth = 2 * Limits.EventDepthMax };

    /// <summary>Writes a command; only characters that a message may hold.</summary>
    public static string Write(Command command)
    {
        var buffer = new ArrayBufferWriter<byte>(command.Arguments.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", command.Id);
            json.WriteString("name", command.Name);
            json.WritePropertyName("args");
            json.WriteRawValue(command.Arguments.Span, skipInputValidation: true);
            json.WriteString("priority", command.Priority.Name());
            json.WriteString("requestedAt", Rfc3339.Format(command.RequestedAt));
            if (command.Deadline is { } deadline)
            {
                json.WriteString("deadline", Rfc3339.Format(deadline));
            }
            json.WriteStartObject("cause");
            json.WriteString("partitionkey", command.Cause.PartitionKey);
            json.WriteString("source", command.Cause.Source);
            json.WriteString("id", command.Cause.Id);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        // SQS refuses these two characters; in JSON they stand only in strings, where an escape means the same.
        return Encoding.UTF8.GetString(buffer.WrittenSpan)
            .Replace("\uFFFE", "\\uFFFE", StringComparison.Ordinal)
            .Replace("\uFFFF", "\\uFFFF", StringComparison.Ordinal);
    }

    /// <summary>Reads a command; false, with a sentence that says where and what is wrong, when it is none.</summary>
    public static bool TryRead(string body, out Command? command, out string? problem)
    {
        (command, problem) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(body, Nested);
            command = Read(document.RootElement);
        }
        catch (JsonException error)
        {
            problem = $"The command is not JSON: {error.Message.Split('.')[0]}.";
        }
        catch (InvalidOperationException)
        {
            // JsonElement says so of a string that is no Unicode text.
            problem = "The command has a string with a lone surrogate; allowed is Unicode text.";
        }
        catch (FormatException error)
        {
            problem = error.Message;
        }
        return problem is null;
    }

    private static Command Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The command is not a JSON object.");
        }
        var arguments = Member(root, "args", JsonValueKind.Object, "an object");
        var cause = Member(root, "cause", JsonValueKind.Object, "an object");
        var id = Text(root, "id", "", 1, Command.IdCharactersMax);
        if (id.AsSpan().ContainsAnyExcept(IdCharacters))
        {
            throw new FormatException($"The command's /id is '{id}'; allowed are letters, digits, '_' and '-'.");
        }
        var priority = Text(root, "priority", "", 1, Command.NameCharactersMax);
        var known = CommandPriorityNames.All.ToList().IndexOf(priority);
        if (known < 0)
        {
            throw new FormatException($"The command's /priority is '{priority}'; allowed are high, normal, low.");
        }
        return new Command(
            id,
            Text(root, "name", "", 1, Command.NameCharactersMax),
            Encoding.UTF8.GetBytes(arguments.GetRawText()),
            (CommandPriority)known,
            Time(root, "requestedAt"),
            new CommandCause(
                Text(cause, "partitionkey", "/cause", 0, int.MaxValue),
                Text(cause, "source", "/cause", 0, int.MaxValue),
                Text(cause, "id", "/cause", 0, int.MaxValue)))
        {
            Deadline = root.TryGetProperty("deadline", out _) ? Time(root, "deadline") : null,
        };
    }

    private static JsonElement Member(
        JsonElement parent, string name, JsonValueKind kind, string allowed, string pointer = "")
    {
        if (!parent.TryGetProperty(name, out var value))
        {
            throw new FormatException($"The command has no {pointer}/{name}; it must be {allowed}.");
        }
        return value.ValueKind == kind
            ? value
            : throw new FormatException(
                $"The command's {pointer}/{name} is {JsonText.Excerpt(Encoding.UTF8.GetBytes(value.GetRawText()))};"
                + $" it must be {allowed}.");
    }

    private static string Text(JsonElement parent, string name, string pointer, int min, int max)
    {
        var text = Member(parent, name, JsonValueKind.String, "a string", pointer).GetString()!;
        return text.Length >= min && text.Length <= max
            ? text
            : throw new FormatException(
                $"The command's {pointer}/{name} has {text.Length} characters; allowed are {min} to {max}.");
    }

    private static DateTimeOffset Time(JsonElement parent, string name)
    {
        var text = Text(parent, name, "", 1, 64);
        return Rfc3339.Parse(Encoding.UTF8.GetBytes(text), out var utcTicks) == Rfc3339Status.Read
            ? new DateTimeOffset(utcTicks, TimeSpan.Zero)
            : throw new FormatException($"The command's /{name} is '{text}'; it must be an RFC 3339 time.");
    }
}
