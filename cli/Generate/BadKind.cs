using System.Text;
using Pipeline.Core;

namespace Pipeline.Cli.Generate;

/// <summary>One way for a line to be bad. Such a line holds no LF, is never blank and never good by accident.</summary>
public sealed class BadKind
{
    private const int NestedArrays = Limits.EventDepthMax + 16;

    private static readonly byte[] LongUser = World.Bytes($"\"user\":\"{new string('a', 128)}");

    private static readonly byte[] StackAsArray =
        World.Bytes("{\"service\":\"search\",\"message\":\"no answer\",\"stack\":[\"a\",\"b\"]}");

    private BadKind(string name, RejectReason reason, EventKind @event, Action<LineBuffer, SeededRandom> spoil) =>
        (Name, Reason, Event, Spoil) = (name, reason, @event, spoil);

    /// <summary>All kinds, in a fixed order.</summary>
    public static IReadOnlyList<BadKind> All { get; } = [.. Texts(), .. Attributes(), .. Data()];

    /// <summary>Kebab case, unique.</summary>
    public string Name { get; }

    /// <summary>Why a pipeline with our schemas rejects the line.</summary>
    public RejectReason Reason { get; }

    /// <summary>The kind of event to spoil.</summary>
    internal EventKind Event { get; }

    /// <summary>Makes a good line bad.</summary>
    internal Action<LineBuffer, SeededRandom> Spoil { get; }

    /// <summary>A line of this kind, without LF; another seed makes another one.</summary>
    public byte[] Example(long seed)
    {
        var line = new LineBuffer();
        new Shop(new GenerateOptions(1) { Seed = seed }).Ordinary(line, 0, Event);
        Spoil(line, new SeededRandom((ulong)seed, stream: 3));
        return line.Written.ToArray();
    }

    public override string ToString() => Name;

    /// <summary>Lines that are no JSON object that could be an event.</summary>
    private static IEnumerable<BadKind> Texts() =>
    [
        Utf8("random-binary", EventKind.HttpRequest, Binary),
        Utf8("stray-byte", EventKind.HttpRequest, (line, _) => PrefixPath(line, [0xC3, 0x28])),
        Utf8("surrogate-bytes", EventKind.HttpRequest, (line, _) => PrefixPath(line, [0xED, 0xA0, 0x80])),
        Utf8("latin-1", EventKind.Login, (line, _) => line.SetValue("\"user\":"u8, [.. "\"zo"u8, 0xEB, .. "\""u8])),
        Json("plain-text", line => Set(line, "08:14:09 ERROR catalog replica lag of 41 s exceeds 30 s"u8)),
        Json("html", line => Set(line, "<html><body><h1>502 Bad Gateway</h1></body></html>"u8)),
        new("truncated", RejectReason.InvalidJson, EventKind.HttpRequest, Truncate),
        Json("byte-order-mark", line => line.Replace("{\"specversion\""u8, "\uFEFF{\"specversion\""u8)),
        Json("lone-high-surrogate", line => line.SetValue("\"userAgent\":"u8, "\"ShopApp \\ud83d\""u8)),
        Json("lone-low-surrogate", line => line.SetValue("\"userAgent\":"u8, "\"ShopApp \\uDE00\""u8)),
        Json("not-a-number", line => line.SetValue("\"latencyMs\":"u8, "NaN"u8)),
        Json("infinity", line => line.SetValue("\"latencyMs\":"u8, "-Infinity"u8)),
        Json("leading-zero", line => line.SetValue("\"status\":"u8, "0200"u8)),
        Json("trailing-comma", line => line.Replace("}}"u8, ",}}"u8)),
        Json("missing-comma", line => line.Replace(",\"status\""u8, " \"status\""u8)),
        Json("comment", line => line.Replace("\"data\":"u8, "/* from the edge */\"data\":"u8)),
        Json("single-quotes", line => Set(line, World.Bytes(Text(line).Replace('"', '\'')))),
        Json("bad-escape", line => PrefixPath(line, "C:\\shop"u8)),
        Json("tab-in-string", line => PrefixPath(line, "\t"u8)),
        Json("return-in-string", line => PrefixPath(line, "\r"u8)),
        Json("two-texts", line => Set(line, [.. line.Written, (byte)' ', .. line.Written])),
        Json("array", line => Set(line, [.. "["u8, .. line.Written, .. "]"u8])),
        Json("null", line => Set(line, "null"u8)),
        Twice("duplicate-attribute", line => line.Replace("{"u8, "{\"id\":\"twice\","u8)),
        Twice("duplicate-member", line => line.Replace("\"data\":{"u8, "\"data\":{\"st\\u0061tus\":200,"u8)),
        new("too-deep", RejectReason.TooDeep, EventKind.HttpRequest, (line, _) => line.Replace(
            "\"data\":{"u8,
            World.Bytes($"\"data\":{{\"tree\":{new string('[', NestedArrays)}{new string(']', NestedArrays)},"))),
    ];

    /// <summary>Objects that are no CloudEvents, or of a type that nobody described.</summary>
    private static IEnumerable<BadKind> Attributes() =>
    [
        NoEvent("empty-object", line => Set(line, "{}"u8)),
        NoEvent("missing-specversion", line => line.Remove("\"specversion\":"u8)),
        NoEvent("wrong-specversion", line => line.SetValue("\"specversion\":"u8, "\"0.3\""u8)),
        NoEvent("missing-id", line => line.Remove("\"id\":"u8)),
        NoEvent("empty-id", line => line.SetValue("\"id\":"u8, "\"\""u8)),
        NoEvent("number-as-id", line => line.SetValue("\"id\":"u8, "4711"u8)),
        NoEvent("missing-source", line => line.Remove("\"source\":"u8)),
        NoEvent("empty-source", line => line.SetValue("\"source\":"u8, "\"\""u8)),
        NoEvent("missing-type", line => line.Remove("\"type\":"u8)),
        NoEvent("missing-time", line => line.Remove("\"time\":"u8)),
        NoEvent("time-without-offset", line => line.SetValue("\"time\":"u8, TimeWithoutOffset(line))),
        NoEvent("unreadable-time", line => line.SetValue("\"time\":"u8, "\"yesterday\""u8)),
        NoEvent("impossible-day", line => line.SetValue("\"time\":"u8, "\"2026-02-30T08:00:00Z\""u8)),
        NoEvent("time-as-number", line => line.SetValue("\"time\":"u8, "1767600000"u8)),
        NoEvent("missing-data", line => SetData(line, [])),
        NoEvent("data-as-string", line => SetData(line, "\"status=200\""u8)),
        NoEvent("data-as-array", line => SetData(line, "[200]"u8)),
        NoEvent("data-null", line => SetData(line, "null"u8)),
        Stranger("unknown-type", line => line.SetValue("\"type\":"u8, "\"cart.abandoned\""u8)),
        Stranger("type-in-capitals", line => line.SetValue("\"type\":"u8, "\"HTTP.REQUEST\""u8)),
    ];

    /// <summary>Events whose data breaks the schema of their type.</summary>
    private static IEnumerable<BadKind> Data() =>
    [
        Invalid("status-out-of-range", EventKind.HttpRequest, line => line.SetValue("\"status\":"u8, "999"u8)),
        Invalid("status-with-fraction", EventKind.HttpRequest, line => line.SetValue("\"status\":"u8, "200.5"u8)),
        Invalid("negative-latency", EventKind.HttpRequest, line => line.SetValue("\"latencyMs\":"u8, "-0.1"u8)),
        Invalid("latency-as-string", EventKind.HttpRequest, line => line.SetValue("\"latencyMs\":"u8, "\"12.5\""u8)),
        Invalid("method-in-lower-case", EventKind.HttpRequest, line => line.SetValue("\"method\":"u8, "\"get\""u8)),
        Invalid("path-without-slash", EventKind.HttpRequest, line => line.SetValue("\"path\":"u8, "\"products\""u8)),
        Invalid("missing-path", EventKind.HttpRequest, line => line.Remove("\"path\":"u8)),
        Invalid("bytes-null", EventKind.HttpRequest, line => line.SetValue("\"bytes\":"u8, "null"u8)),
        Invalid("many-errors", EventKind.HttpRequest, line => SetData(line, "{\"ip\":7,\"status\":42,\"bytes\":-1}"u8)),
        Invalid("unknown-outcome", EventKind.Login, line => line.SetValue("\"outcome\":"u8, "\"maybe\""u8)),
        Invalid("missing-outcome", EventKind.Login, line => line.Replace(",\"outcome\":"u8, ",\"result\":"u8)),
        Invalid("user-too-long", EventKind.Login, line => line.Replace("\"user\":\""u8, LongUser)),
        Invalid("empty-message", EventKind.AppError, line => SetData(line, "{\"service\":\"a\",\"message\":\"\"}"u8)),
        Invalid("stack-as-array", EventKind.AppError, line => SetData(line, StackAsArray)),
        Invalid("bad-currency", EventKind.Payment, line => line.SetValue("\"currency\":"u8, "\"Euro\""u8)),
        Invalid("amount-zero", EventKind.Payment, line => line.SetValue("\"amount\":"u8, "0.00"u8)),
        Invalid("amount-too-large", EventKind.Payment, line => line.SetValue("\"amount\":"u8, "1e10"u8)),
        Invalid("service-with-space", EventKind.Deploy, line => line.SetValue("\"service\":"u8, "\"web shop\""u8)),
        Invalid("empty-version", EventKind.Deploy, line => line.SetValue("\"version\":"u8, "\"\""u8)),
    ];

    private static BadKind Utf8(string name, EventKind @event, Action<LineBuffer, SeededRandom> spoil) =>
        new(name, RejectReason.InvalidUtf8, @event, spoil);

    private static BadKind Json(string name, Action<LineBuffer> spoil) =>
        Request(name, RejectReason.InvalidJson, spoil);

    private static BadKind Twice(string name, Action<LineBuffer> spoil) =>
        Request(name, RejectReason.DuplicateName, spoil);

    private static BadKind NoEvent(string name, Action<LineBuffer> spoil) =>
        Request(name, RejectReason.InvalidEvent, spoil);

    private static BadKind Stranger(string name, Action<LineBuffer> spoil) =>
        Request(name, RejectReason.UnknownType, spoil);

    private static BadKind Request(string name, RejectReason reason, Action<LineBuffer> spoil) =>
        new(name, reason, EventKind.HttpRequest, (line, _) => spoil(line));

    private static BadKind Invalid(string name, EventKind @event, Action<LineBuffer> spoil) =>
        new(name, RejectReason.InvalidData, @event, (line, _) => spoil(line));

    private static void PrefixPath(LineBuffer line, ReadOnlySpan<byte> prefix) =>
        line.Replace("\"path\":\""u8, [.. "\"path\":\""u8, .. prefix]);

    private static void Set(LineBuffer line, ReadOnlySpan<byte> text)
    {
        line.Truncate(0);
        line.Add(text);
    }

    private static void SetData(LineBuffer line, ReadOnlySpan<byte> json)
    {
        line.Truncate(line.IndexOf(",\"data\":"u8));
        if (!json.IsEmpty)
        {
            line.Add(",\"data\":"u8).Add(json);
        }

        line.Add((byte)'}');
    }

    private static void Binary(LineBuffer line, SeededRandom random)
    {
        // No UTF-8 text holds the byte 0xFF.
        Set(line, [0xFF]);
        for (int left = random.Between(15, 240); left > 0; left--)
        {
            byte value = (byte)random.Below(256);
            line.Add(value == (byte)'\n' ? (byte)0 : value);
        }
    }

    /// <summary>Cuts between two characters; what is left lacks at least the last brace.</summary>
    private static void Truncate(LineBuffer line, SeededRandom random)
    {
        int length = random.Between(2, line.Length - 1);
        while ((line.Written[length] & 0xC0) == 0x80)
        {
            length--;
        }

        line.Truncate(length);
    }

    private static string Text(LineBuffer line) => Encoding.UTF8.GetString(line.Written);

    private static byte[] TimeWithoutOffset(LineBuffer line)
    {
        int at = line.IndexOf("\"time\":\""u8) + "\"time\":"u8.Length;
        return [.. line.Written.Slice(at, "\"2026-01-05T08:00:00.000"u8.Length), (byte)'"'];
    }
}
