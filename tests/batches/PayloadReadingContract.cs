using System.Globalization;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Batches;

/// <summary>A payload as another reader understands it.</summary>
public sealed record DeliveredBatch(string ShardId, string StreamArn, IReadOnlyList<DeliveredRecord> Records);

/// <summary>A record as another reader understands it.</summary>
public sealed record DeliveredRecord(string Sequence, string PartitionKey, string DataHex, long ArrivedAtMilliseconds);

/// <summary>
/// Whatever <see cref="RecordBatch"/> reads, another reader reads too, and finds the same in every field.
/// </summary>
public abstract class PayloadReadingContract
{
    private const string Tokens = "\"\\{}[]:,0 n";

    private static readonly string[] OddKeys = ["ключ", "😀/\"\\", "tab\tand\u0001", "ß"];

    private static readonly Gen<Entry> Entries = Gen.Select(
        Gen.String[Gen.Char['0', '9'], 55, 55],
        Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 30], Gen.Int[0, OddKeys.Length - 1].Select(i => OddKeys[i])),
        Gen.Byte.Array[0, 120],
        Gen.Long[0, 9_999_999_999_999],
        (digits, key, data, milliseconds) => new Entry("4" + digits, key, data, Seconds(milliseconds)));

    /// <summary>Reads a payload with the other reader.</summary>
    protected abstract DeliveredBatch ReadReference(byte[] payload);

    [Fact]
    public void A_payload_in_any_form_is_read_field_by_field() =>
        Gen.Select(Entries.List[1, 12], Gen.Int).Sample((entries, seed) =>
        {
            var payload = Payloads.InAnyForm(entries, new Random(seed));
            var read = ReadOurs(payload);
            Assert.Equivalent(
                new DeliveredBatch(Payloads.Shard, Payloads.Arn, entries.ConvertAll(entry => new DeliveredRecord(
                    entry.Sequence,
                    entry.Key,
                    Convert.ToHexString(entry.Data),
                    (long)(decimal.Parse(entry.ArrivedAt, CultureInfo.InvariantCulture) * 1000)))),
                read,
                strict: true);
            Assert.Equivalent(ReadReference(payload), read, strict: true);
        });

    [Fact]
    public void A_mutated_payload_is_refused_or_read_as_the_other_reads_it()
    {
        var mutation = Gen.Select(
            Gen.Int[0, int.MaxValue],
            Gen.OneOf(Gen.Byte, Gen.Int[0, Tokens.Length - 1].Select(i => (byte)Tokens[i])),
            Gen.Int[0, 3]);
        Gen.Select(Entries.List[1, 3], Gen.Int, mutation.List[1, 3]).Sample(
            (entries, seed, mutations) =>
            {
                var bytes = Payloads.InAnyForm(entries, new Random(seed)).ToList();
                foreach (var (at, value, kind) in mutations)
                {
                    Mutate(bytes, at % bytes.Count, value, kind);
                }
                byte[] payload = [.. bytes];
                if (TryReadOurs(payload) is { } read)
                {
                    Assert.Equivalent(ReadReference(payload), read, strict: true);
                }
            },
            iter: 20_000);
    }

    private static void Mutate(List<byte> bytes, int at, byte value, int kind)
    {
        switch (kind)
        {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes.Insert(at, value);
                break;
            case 2 when bytes.Count > 1:
                bytes.RemoveAt(at);
                break;
            default:
                bytes.RemoveRange(at + 1, (bytes.Count - at - 1) / 8);
                break;
        }
    }

    private static DeliveredBatch? TryReadOurs(byte[] payload)
    {
        try
        {
            return ReadOurs(payload);
        }
        catch (InvalidPayloadException refused)
        {
            Assert.Matches(@", at byte \d+ of the payload\.$", refused.Message);
            return null;
        }
    }

    private static DeliveredBatch ReadOurs(byte[] payload)
    {
        using var batch = new RecordBatch();
        batch.Read(payload);
        return new DeliveredBatch(batch.ShardId, batch.StreamArn, [.. Enumerable.Range(0, batch.RecordCount).Select(i =>
        {
            var record = batch.RecordAt(i);
            return new DeliveredRecord(
                record.Sequence.ToString(),
                Encoding.UTF8.GetString(record.PartitionKey.Span),
                Convert.ToHexString(record.Blob.Span),
                record.ArrivedAt.ToUnixTimeMilliseconds());
        })]);
    }

    private static string Seconds(long milliseconds) =>
        (milliseconds / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}

/// <summary>The other reader is the platform's document reader.</summary>
public sealed class JsonDocumentReadingTests : PayloadReadingContract
{
    protected override DeliveredBatch ReadReference(byte[] payload)
    {
        using var document = System.Text.Json.JsonDocument.Parse(payload);
        var records = document.RootElement.GetProperty("Records").EnumerateArray().ToList();
        var shard = records.Count == 0 ? "" : records[0].GetProperty("eventID").GetString()!.Split(':')[0];
        var arn = records.Count > 0 && records[0].TryGetProperty("eventSourceARN", out var stream)
            ? stream.GetString()
            : null;
        return new DeliveredBatch(shard, arn ?? "", records.ConvertAll(record =>
        {
            var kinesis = record.GetProperty("kinesis");
            return new DeliveredRecord(
                kinesis.GetProperty("sequenceNumber").GetString()!,
                kinesis.TryGetProperty("partitionKey", out var key) ? key.GetString() ?? "" : "",
                Convert.ToHexString(kinesis.GetProperty("data").GetBytesFromBase64()),
                Milliseconds(kinesis.GetProperty("approximateArrivalTimestamp").GetDecimal()));
        }));
    }

    private static long Milliseconds(decimal seconds) =>
        (long)Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
}
