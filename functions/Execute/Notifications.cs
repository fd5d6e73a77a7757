using System.Globalization;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Functions.Execute;

/// <summary>
/// The notifications of a channel, one JSON object a line: the last are <c>notifications/&lt;channel&gt;.ndjson</c>,
/// those before them <c>notifications/&lt;channel&gt;/&lt;part, 6 digits&gt;.ndjson</c>.
/// </summary>
public sealed class Notifications : ILogPage
{
    /// <summary>Most lines of a part.</summary>
    public const int NotificationLinesMax = 200;

    private const string Prefix = "notifications/";

    private readonly string _channel;
    private readonly ReadOnlyMemory<byte> _lines;
    private readonly HashSet<string> _commands;

    private Notifications(
        string channel, int part, ReadOnlyMemory<byte> lines, HashSet<string> commands, DateTimeOffset lastAt)
    {
        (_channel, Part, _lines, _commands, LastAt) = (channel, part, lines, commands, lastAt);
    }

    /// <summary>Counts the parts, from 1; every line says which it is in.</summary>
    public int Part { get; }

    public int Count => _commands.Count;

    public DateTimeOffset LastAt { get; }

    public string Key => KeyOf(_channel, Part);

    public string? PreviousKey => Part > 1 ? KeyOf(_channel, Part - 1) : null;

    /// <summary>The key of a channel's last notifications.</summary>
    public static string LatestKey(string channel) => $"{Prefix}{ObjectKey.Segment(channel)}.ndjson";

    /// <summary>Reads the notifications of a channel.</summary>
    /// <exception cref="PortFaultException">The object holds something else.</exception>
    public static Notifications Read(string channel, string key, StoredObject stored)
    {
        var commands = new HashSet<string>(StringComparer.Ordinal);
        var (count, part, lastAt) = (0, 0, DateTimeOffset.MinValue);
        var rest = stored.Body;
        try
        {
            while (rest.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                using var line = JsonDocument.Parse(rest[..end]);
                commands.Add(line.RootElement.GetProperty("command").GetString()!);
                part = line.RootElement.GetProperty("part").GetInt32();
                lastAt = line.RootElement.GetProperty("at").GetDateTimeOffset();
                rest = rest[(end + 1)..];
                count++;
            }
            return part > 0 && rest.IsEmpty
                ? new Notifications(channel, part, stored.Body, commands, lastAt)
                : throw new FormatException("The last line has no end.");
        }
        catch (Exception error) when (
            error is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            var kind = string.Create(CultureInfo.InvariantCulture, $"a list of notifications (line {count + 1})");
            throw StoredJson.Broken(key, kind, error);
        }
    }

    /// <summary>The notifications with one more; in a part of its own where this one is full.</summary>
    /// <param name="before">What is there; null for nothing.</param>
    /// <param name="line">Writes the line, given its part.</param>
    public static Notifications Add(
        string channel,
        Notifications? before,
        bool isFull,
        string command,
        DateTimeOffset at,
        Func<int, ReadOnlyMemory<byte>> line)
    {
        if (before is null || isFull)
        {
            var part = (before?.Part ?? 0) + 1;
            return new Notifications(channel, part, line(part), [command], at);
        }
        byte[] lines = [.. before._lines.Span, .. line(before.Part).Span];
        return new Notifications(channel, before.Part, lines, [.. before._commands, command], at);
    }

    public bool Holds(string command) => _commands.Contains(command);

    public ReadOnlyMemory<byte> Write() => _lines;

    private static string KeyOf(string channel, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{ObjectKey.Segment(channel)}/{part:000000}.ndjson");
}
