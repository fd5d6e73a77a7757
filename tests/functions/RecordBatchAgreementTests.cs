using System.Globalization;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.KinesisEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using CsCheck;
using Pipeline.Core;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>The batch reads from a payload, field by field, what the official event type reads.</summary>
public class RecordBatchAgreementTests
{
    private const string Documented = """
        {
          "Records": [
            {
              "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "1",
                "sequenceNumber": "49590338271490256608559692538361571095921575989136588898",
                "data": "SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==",
                "approximateArrivalTimestamp": 1545084650.987
              },
              "eventSource": "aws:kinesis",
              "eventVersion": "1.0",
              "eventID": "shardId-000000000006:49590338271490256608559692538361571095921575989136588898",
              "eventName": "aws:kinesis:record",
              "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
              "awsRegion": "us-east-2",
              "eventSourceARN": "arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"
            }
          ]
        }
        """;

    private static readonly SourceGeneratorLambdaJsonSerializer<LambdaTypes> Official = new();

    private static readonly string[] OddKeys =
        ["é", "ключ", "鍵", "😀", "a\"b", "a\\b", "a/b", "tab\t", "nul\0", "line\n", "\u2028", "<&>", "\u007F"];

    private static readonly Gen<string> GenKey = Gen.OneOf(
        Gen.String[Gen.Char['!', '~'], 1, 12],
        Gen.Int[0, OddKeys.Length - 1].Select(index => OddKeys[index]));

    private static readonly Gen<Entry> GenEntry = Gen.Select(
        GenKey,
        Gen.Byte.Array[0, 40],
        Gen.Long[0, 4_102_444_800_000],
        Gen.Bool,
        (key, data, arrivedAt, sameRecord) => new Entry(key, data, arrivedAt, sameRecord));

    [Fact]
    public void The_documented_payload_reads_the_same() => AssertAgree(Documented);

    [Theory]
    [InlineData("1545084650.987", "1545084650")]
    [InlineData("1545084650.987", "1545084650.9")]
    [InlineData("1545084650.987", "1545084650.98")]
    [InlineData("1545084650.987", "1545084650.001")]
    [InlineData("1545084650.987", "1.545084650987E9")]
    [InlineData("1545084650.987", "0")]
    [InlineData("1545084650.987", "0.5")]
    [InlineData("1545084650.987", "-1.5")]
    [InlineData("1545084650.987", "4102444800.123")]
    [InlineData("\"partitionKey\": \"1\"", "\"partitionKey\": \"\\u0031\\/\\\"\\ud83d\\ude00\"")]
    [InlineData("\"partitionKey\": \"1\",", "")]
    [InlineData("\"partitionKey\": \"1\"", "\"partitionKey\": null")]
    [InlineData("\"partitionKey\"", "\"partit\\u0069onKey\"")]
    [InlineData("\"data\"", "\"\\u0064ata\"")]
    [InlineData("SGVsbG8s", "\\u0053GVsbG8s")]
    [InlineData("SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==", "")]
    [InlineData("SGVsbG8sIHRoaXMgaXMgYSB0ZXN0Lg==", "\\/+\\/+")]
    [InlineData("shardId-", "\\u0073hardId-")]
    [InlineData("\"kinesisSchemaVersion\": \"1.0\",", "\"new\": {\"data\": \"!\", \"a\": [1, {\"}\": \"]\"}]},")]
    [InlineData("\"eventVersion\": \"1.0\",", "\"encryption\": null, \"x\": [[]], \"y\": -1e5, \"z\": true,")]
    [InlineData("\"eventSourceARN\": \"arn", "\"ignored\": 1, \"eventSourceARN\": \"arn")]
    [InlineData("\"eventSourceARN\"", "\"awsAccount\": null, \"eventSource\\u0041RN\"")]
    [InlineData("\"Records\"", "\"window\": {\"Records\": []}, \"Records\"")]
    [InlineData("\"partitionKey\": \"1\"", "\"partitionKey\": \"0\", \"partitionKey\": \"1\"")]
    public void An_unusual_payload_reads_the_same(string what, string instead)
    {
        var payload = Documented.Replace(what, instead, StringComparison.Ordinal);
        Assert.NotEqual(Documented, payload);

        AssertAgree(payload);
    }

    [Theory]
    [InlineData("{\"Records\":[]}")]
    [InlineData("\r\n {\t\"Records\" : [ ] } \n")]
    [InlineData("{\"other\":[{\"kinesis\":1}],\"Records\":[],\"more\":null}")]
    public void An_empty_batch_reads_the_same(string payload) => AssertAgree(payload);

    [Fact]
    public void Any_batch_reads_the_same_however_it_is_written() =>
        Gen.Select(GenEntry.Array[0, 8], Gen.Int[0, int.MaxValue]).Sample((entries, seed) =>
            AssertAgree(Write(entries, new Random(seed))));

    [Fact]
    public void What_our_writer_writes_reads_the_same() => GenEntry.Array[1, 8].Sample(entries =>
    {
        var writer = new RecordBatchWriter();
        writer.Begin("shardId-000000000001", "arn:aws:kinesis:us-east-1:1:stream/é\"", "us-east-1", "role");
        for (var i = 0; i < entries.Length; i++)
        {
            writer.TryAdd(
                SequenceNumber.Parse(Sequence(i)),
                Encoding.UTF8.GetBytes(entries[i].Key),
                entries[i].Data,
                DateTimeOffset.FromUnixTimeMilliseconds(entries[i].ArrivedAt));
        }
        AssertAgree(Encoding.UTF8.GetString(writer.Finish().Span));
    });

    /// <summary>Reads both ways and compares all that the batch knows of what the official type knows.</summary>
    /// <remarks>That type knows no packs: of one, the record is compared, not the events in it.</remarks>
    internal static void AssertAgree(string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        using var stream = new MemoryStream(bytes);
        var official = Official.Deserialize<KinesisEvent>(stream).Records;
        using var batch = new RecordBatch();
        batch.Read(bytes);

        var next = 0;
        for (var i = 0; i < batch.RecordCount; i++)
        {
            var record = batch.RecordAt(i);
            var entries = official.Skip(next)
                .TakeWhile(entry => entry.Kinesis.SequenceNumber == record.Sequence.ToString()).ToList();
            Assert.NotEmpty(entries);
            next += entries.Count;
            Assert.Equal(entries[0].Kinesis.Data.ToArray(), record.Blob);
            Assert.Equal(entries[0].Kinesis.PartitionKey ?? "", Encoding.UTF8.GetString(record.PartitionKey.Span));
            Assert.Equal(Milliseconds(entries[0]), record.ArrivedAt.ToUnixTimeMilliseconds());
            if (entries.Count == 1 && PackReader.IsPack(record.Blob.Span))
            {
                continue;
            }
            Assert.Equal(entries.Count, record.EventCount);
            for (var j = 0; j < entries.Count; j++)
            {
                AssertAgree(entries[j], batch.EventAt(record.FirstEvent + j), j, record.ArrivedAt);
            }
        }
        Assert.Equal(official.Count, next);
        Assert.Equal(official.Count == 0 ? "" : official[0].EventSourceARN ?? "", batch.StreamArn);
    }

    private static void AssertAgree(
        KinesisEvent.KinesisEventRecord entry, Pipeline.Core.Record read, int index, DateTimeOffset arrivedAt)
    {
        Assert.Equal(entry.Kinesis.Data.ToArray(), read.Data);
        Assert.Equal(entry.Kinesis.PartitionKey ?? "", Encoding.UTF8.GetString(read.PartitionKey.Span));
        Assert.Equal(entry.Kinesis.SequenceNumber, read.Position.Sequence.ToString());
        Assert.Equal(entry.EventId[..entry.EventId.IndexOf(':', StringComparison.Ordinal)], read.Position.Shard);
        Assert.Equal(index, read.Position.Index);
        Assert.Equal(arrivedAt, read.ArrivedAt);
    }

    /// <summary>The official type holds what a double holds; both are compared to the millisecond.</summary>
    private static long Milliseconds(KinesisEvent.KinesisEventRecord entry) => (long)Math.Round(
        (entry.Kinesis.ApproximateArrivalTimestamp!.Value - DateTime.UnixEpoch).TotalMilliseconds,
        MidpointRounding.AwayFromZero);

    private static string Sequence(int number) =>
        "4959033827149025660855969253836157109592157598913658" + number.ToString("0000", CultureInfo.InvariantCulture);

    /// <summary>A payload as anyone may write it: white space, order, escapes and unknown members by chance.</summary>
    private static string Write(Entry[] entries, Random random)
    {
        var number = 0;
        var records = entries.Select((entry, i) =>
        {
            number = entry.SameRecord && i > 0 ? number : i;
            var (seconds, fraction) = Math.DivRem(entry.ArrivedAt, 1000);
            return Member(random, [
                ("kinesis", Member(random, [
                    ("partitionKey", Text(entry.Key, random)),
                    ("sequenceNumber", Text(Sequence(number), random)),
                    ("data", Text(Convert.ToBase64String(entry.Data), random)),
                    ("approximateArrivalTimestamp",
                        string.Create(CultureInfo.InvariantCulture, $"{seconds}.{fraction:000}")),
                    ("kinesisSchemaVersion", "\"1.0\"")])),
                ("eventID", Text("shardId-000000000001:" + Sequence(number), random)),
                ("eventSourceARN", Text("arn:aws:kinesis:us-east-2:1:stream/s", random)),
                ("awsRegion", "\"us-east-2\"")]);
        });
        var batch = "[" + string.Join(',', records) + Space(random) + "]";
        return Space(random) + Member(random, [("Records", batch)]) + Space(random);
    }

    private static string Member(Random random, (string Name, string Json)[] members)
    {
        random.Shuffle(members);
        const string Unknown = """{"Records":[null,{"data":"\""}],"x":1}""";
        var all = random.Next(3) == 0 ? [.. members, ("unknown", Unknown)] : members;
        var written = all.Select(member =>
            Space(random) + Text(member.Name, random) + Space(random) + ":"
            + Space(random) + member.Json + Space(random));
        return "{" + string.Join(',', written) + "}";
    }

    private static string Text(string text, Random random) => random.Next(4) == 0
        ? "\"" + string.Concat(text.Select(unit => random.Next(2) == 0 ? $"\\u{(int)unit:x4}" : Plain(unit))) + "\""
        : JsonSerializer.Serialize(text);

    private static string Plain(char unit) =>
        unit is '"' or '\\' or < ' ' || char.IsSurrogate(unit) ? $"\\u{(int)unit:X4}" : unit.ToString();

    private static string Space(Random random) => random.Next(4) switch { 0 => " ", 1 => "\r\n\t", _ => "" };

    private sealed record Entry(string Key, byte[] Data, long ArrivedAt, bool SameRecord);
}
