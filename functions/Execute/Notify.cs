using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Functions.Execute;

/// <summary><c>notify {channel, text, …}</c>: adds a line to the channel's notifications.</summary>
/// <remarks>
/// Other arguments that are strings, numbers or booleans go along, up to <see cref="OthersBytesMax"/>; how many did not
/// fit is said in the line. Survives a second attempt by the command's id in the line.
/// </remarks>
public sealed class Notify(SharedObjects objects, int linesMax = Notifications.NotificationLinesMax) : ICommandHandler
{
    /// <summary>Most bytes of the other arguments in a line, names and values as they came.</summary>
    public const int OthersBytesMax = 4096;

    private const int ChannelCharactersMax = 200;
    private const int TextCharactersMax = 2000;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Own = ["command", "at", "part", "channel", "text", "omitted"];

    public Work Prepare(CommandArguments arguments)
    {
        var channel = arguments.Text("channel", ChannelCharactersMax);
        var text = arguments.Text("text", TextCharactersMax);
        var others = arguments.Scalars().Where(other => !Own.Contains(other.Name)).ToList();
        var log = new PagedLog<Notifications>(objects, (key, stored) => Notifications.Read(channel, key, stored));
        return (attempt, cancellation) => log.ChangeAsync(
            Notifications.LatestKey(channel),
            attempt,
            latest =>
            {
                var at = attempt.Delivery.Now;
                var isFull = latest is not null && latest.Count >= linesMax;
                var next = Notifications.Add(
                    channel, latest, isFull, attempt.Command, at,
                    part => Line(attempt.Command, at, part, text, others));
                return new(next, isFull, Effect.Executed);
            },
            cancellation);
    }

    private static ReadOnlyMemory<byte> Line(
        string command, DateTimeOffset at, int part, string text, List<(string Name, JsonElement Value)> others)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Plain))
        {
            json.WriteStartObject();
            json.WriteString("command", command);
            json.WriteString("at", Rfc3339.Format(at));
            json.WriteNumber("part", part);
            json.WriteString("text", text);
            var room = OthersBytesMax;
            var omitted = 0;
            foreach (var (name, value) in others)
            {
                var bytes = Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value.GetRawText());
                if (bytes > room)
                {
                    omitted++;
                    continue;
                }
                room -= bytes;
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
            if (omitted > 0)
            {
                json.WriteNumber("omitted", omitted);
            }
            json.WriteEndObject();
        }
        line.Write("\n"u8);
        return line.WrittenMemory;
    }
}
