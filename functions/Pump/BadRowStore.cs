using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>
/// Stores bad rows as NDJSON objects below <c>rejected/&lt;filter&gt;/</c>, created once and never overwritten.
/// </summary>
/// <remarks>
/// Delivery: at least once. The same rows make the same key and bytes, so a second write of them finds its object there
/// (412) and is done; a late one never erases a row. Readers drop a second copy of (filter, rawposition).
/// </remarks>
public sealed class BadRowStore(IBucketPort bucket, string filter, string version, TimeProvider time, Random random)
{
    /// <summary>The prefix of all bad rows.</summary>
    public const string Prefix = "rejected/";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Backoff _backoff = new(time, random);

    /// <summary>Writes tried again since the last call of <see cref="StoreAsync"/> began.</summary>
    public int Retries { get; private set; }

    /// <summary>
    /// Stores the rows as one object; false when the deadline came first, and then nothing is promised of them.
    /// </summary>
    public async ValueTask<bool> StoreAsync(
        IReadOnlyList<BadRow> rows, Deadline deadline, CancellationToken cancellation)
    {
        Retries = 0;
        if (rows.Count == 0)
        {
            return true;
        }
        _backoff.Reset();
        var body = Render(rows);
        var key = Key(rows, body.Span);
        while (true)
        {
            if (await TryPutAsync(key, body, cancellation))
            {
                return true;
            }
            if (!await _backoff.WaitAsync(deadline, cancellation))
            {
                return false;
            }
            Retries++;
        }
    }

    private async ValueTask<bool> TryPutAsync(string key, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        try
        {
            var result = await bucket.PutAsync(key, body, WriteCondition.CreateOnly, cancellation);
            return result.Status is WriteStatus.Written or WriteStatus.PreconditionFailed;
        }
        catch (PortFaultException)
        {
            return false;
        }
    }

    private string Key(IReadOnlyList<BadRow> rows, ReadOnlySpan<byte> body)
    {
        var (first, last) = (rows[0].Record, rows[^1].Record);
        var hour = first.ArrivedAt.UtcDateTime.ToString("yyyy'/'MM'/'dd'/'HH", CultureInfo.InvariantCulture);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16));
        return $"{Prefix}{filter}/{hour}/{first.Position.Shard}-{first.Position.Sequence}-{last.Position.Sequence}"
            + $"-{hash}.ndjson";
    }

    private ReadOnlyMemory<byte> Render(IReadOnlyList<BadRow> rows)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body, Plain);
        foreach (var row in rows)
        {
            WriteRow(json, row);
            json.Flush();
            json.Reset();
            body.Write("\n"u8);
        }
        return body.WrittenMemory;
    }

    private void WriteRow(Utf8JsonWriter json, BadRow row)
    {
        json.WriteStartObject();
        if (row.PayloadRef is { } reference)
        {
            json.WriteString("payloadRef", reference);
        }
        else
        {
            json.WriteBase64String("payload", row.Record.Data.Span);
        }
        json.WriteString("position", row.Record.Position.ToString());
        if (row.RawPosition is { } rawPosition)
        {
            json.WriteString("rawposition", rawPosition);
        }
        json.WriteString("filter", filter);
        json.WriteString("version", version);
        json.WriteString("reason", row.Reason.Name());
        json.WriteStartArray("errors");
        foreach (var (pointer, message) in row.Errors)
        {
            json.WriteStartObject();
            json.WriteString("pointer", pointer);
            json.WriteString("message", message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("arrivedAt", Rfc3339.Format(row.Record.ArrivedAt));
        json.WriteEndObject();
    }
}
