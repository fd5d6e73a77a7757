using System.Text;
using Pipeline.Core;
using Pipeline.Core.Commands;

namespace Pipeline.Fuzz;

/// <summary>Good inputs for each target, the same every time.</summary>
internal static class Corpus
{
    private const int SampleEvents = 24;

    private static readonly string[] s_patterns =
    [
        """{"type":["app.error"]}""",
        """{"type":["http.request","auth.login"],"data":{"status":[{"numeric":[">=",500,"<",600]}]}}""",
        """{"source":[{"prefix":"/services/"}],"data":{"path":[{"wildcard":"/products/*/a*"},{"suffix":".html"}]}}""",
        """{"data":{"ip":[{"cidr":"10.0.0.0/8"},{"cidr":"2001:db8::/32"}]}}""",
        """{"data":{"outcome":[{"anything-but":["success","unknown"]}],"user":[{"exists":true}]}}""",
        """{"data":{"userAgent":[{"equals-ignore-case":"CURL/8.5.0"},{"anything-but":{"prefix":"Mozilla"}}]}}""",
        """{"$or":[{"severitynumber":[{"numeric":[">=",17]}]},{"data":{"latencyMs":[{"numeric":[">",1000.5]}]}}]}""",
        """{"data":{"list":[null,"",1,1.5,true],"deep":{"er":{"est":[{"exists":false}]}}}}""",
        """{"id":[{"anything-but":{"wildcard":["*a*","b*"]}}],"subject":[{"prefix":{"equals-ignore-case":"c-"}}]}""",
    ];

    /// <summary>Events of every kind, then some with everything that JSON allows.</summary>
    public static IEnumerable<byte[]> Events() =>
    [
        .. Lines("sample.ndjson").Where(line => LawException.TryEvent(line, out _))
            .DistinctBy(line => line.Length / 16).Take(SampleEvents),
        Utf8("""{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2016-12-31T23:59:60Z","data":{}}"""),
        Utf8(
            """ {"data":{"a":[1,[2,{"b":null}],-0.0,1e400,"\u00e9\ud83d\ude00"],"":{"":{}}},"type":"\u0074","""
            + """ "time":"2026-03-01T12:00:00.1234567+01:00","source":"/é","id":"a\"b\\c","specversion":"1.0","""
            + """ "severitynumber":17,"geocountry":"XX","rawposition":null,"own":true} """),
    ];

    public static IEnumerable<byte[]> Schemas() =>
        from name in typeof(Corpus).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
        where name.EndsWith(".schema.json", StringComparison.Ordinal)
        select Resource(name);

    /// <summary>The data of events.</summary>
    public static IEnumerable<byte[]> Data()
    {
        foreach (var json in Events())
        {
            if (LawException.TryEvent(json, out var @event))
            {
                yield return @event.Raw(EventAttribute.Data).ToArray();
            }
        }
    }

    public static IEnumerable<byte[]> Patterns() => s_patterns.Select(Utf8);

    public static IEnumerable<byte[]> Packs()
    {
        var packer = new PackWriter(new Slots(1));
        foreach (var count in (int[])[1, 2, 9])
        {
            packer.Begin(0);
            foreach (var json in Events().Take(count))
            {
                packer.TryAdd(Utf8("key-" + json.Length), json);
            }
            yield return packer.Finish().Data.ToArray();
        }
    }

    public static IEnumerable<byte[]> Batches()
    {
        var writer = new RecordBatchWriter();
        foreach (var blobs in (byte[][][])[[[]], [[1, 2, 3]], [.. Events().Take(3)], [.. Packs()]])
        {
            writer.Begin(
                "shardId-000000000001", "arn:aws:kinesis:us-east-1:123456789012:stream/raw", "us-east-1",
                "arn:aws:iam::123456789012:role/r");
            var number = 0;
            foreach (var blob in blobs)
            {
                writer.TryAdd(
                    SequenceNumber.Parse($"4959{number++:D52}"), "ké\"y"u8, blob,
                    DateTimeOffset.UnixEpoch.AddSeconds(1.5));
            }
            yield return writer.Finish().ToArray();
        }
    }

    public static IEnumerable<byte[]> Commands()
    {
        var plain = new Command(
            "0123456789abcdef", "notify", Utf8("""{"channel":"errors","text":"é \uFFFE"}"""), CommandPriority.Low,
            DateTimeOffset.UnixEpoch, new CommandCause("key", "/s", "1"));
        yield return Utf8(CommandText.Write(plain));
        yield return Utf8(CommandText.Write(plain with { Deadline = DateTimeOffset.UnixEpoch.AddHours(1) }));
    }

    private static IEnumerable<byte[]> Lines(string name) =>
        Encoding.Latin1.GetString(Resource(name)).Split('\n').Select(Encoding.Latin1.GetBytes);

    private static byte[] Resource(string name)
    {
        using var resource = typeof(Corpus).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
