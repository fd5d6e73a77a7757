using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Mappings;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Functions.Pump;

namespace Pipeline.Engine.Accounting;

/// <summary>Watches what enters the raw stream and what lands in the bucket, and keeps the ledger of it.</summary>
/// <remarks>
/// What Firehose archives is most of it and is read on the thread that writes it: the books are complete when nothing
/// waits to be written.
/// </remarks>
public sealed class Auditor : IDisposable
{
    private const string OnFailurePrefix = "aws/lambda/";
    private const string ArchivePrefix = "archive/";
    private const string ArchiveErrorsPrefix = "archive-errors/";

    /// <summary>Functions that neither drop nor lose an event: what their mappings give up is accounted for.</summary>
    private static readonly string[] s_keepers = ["Validate", "Enrich"];

    private readonly string _rawArn;
    private readonly HashSet<string> _keepers;
    private readonly PackReader _packs = new();
    private readonly RecordBatch _batch = new();
    private readonly EventMarks _marks;

    /// <param name="functions">The functions of the stack.</param>
    public Auditor(
        DataStream raw, DirectoryBucket bucket, Ledger ledger, IdentityCount identities,
        IEnumerable<FunctionModel> functions)
    {
        (_rawArn, Ledger, Identities) = (raw.Arn, ledger, identities);
        _marks = new EventMarks(ledger, identities);
        var behind = new EventMarks(ledger, identities);
        _keepers = [.. functions.Where(model => s_keepers.Contains(model.Function)).Select(model => model.Arn)];
        raw.Taken = (shard, counter, data) => Ledger.Enter(shard.Index, counter, EventsIn(data.Span));
        bucket.Written += OnWritten;
        bucket.Delivered += (key, parts) =>
        {
            if (key.StartsWith(ArchivePrefix, StringComparison.Ordinal))
            {
                ForEachLine(parts, line => behind.Mark(line, Seen.Archived));
            }
        };
    }

    public Ledger Ledger { get; }

    public IdentityCount Identities { get; }

    /// <summary>Events dead-lettered because they were too old.</summary>
    public long AgedOut { get; set; }

    /// <summary>Notes the events of a record that still lies in a pipe.</summary>
    public void MarkInFlight(DataStream stream, Shard shard, in LoggedRecord record) =>
        MarkRecord(stream, shard, record, Seen.InFlight);

    /// <summary>Notes the events of a record that a queue was told of as given up.</summary>
    internal void MarkGivenUp(DataStream stream, Shard shard, in LoggedRecord record, FailureNotice notice)
    {
        if (_keepers.Contains(notice.FunctionArn))
        {
            MarkRecord(stream, shard, record, Seen.DeadLettered);
        }
        CountAgedOut(notice.Condition, EventsIn(record.Data.Span));
    }

    public void Dispose() => _batch.Dispose();

    private int EventsIn(ReadOnlySpan<byte> blob) =>
        _packs.Read(blob) == BlobKind.Pack ? _packs.Slices.Length : 1;

    private void CountAgedOut(string? condition, int events) =>
        AgedOut += condition == FailureDestination.RecordAgeExceeded ? events : 0;

    private void MarkRecord(DataStream stream, Shard shard, in LoggedRecord record, Seen seen)
    {
        if (stream.Arn == _rawArn)
        {
            var events = EventsIn(record.Data.Span);
            for (var i = 0; i < events; i++)
            {
                Ledger.Mark(new RawPosition(shard.Index, record.Counter, i), seen);
            }
        }
        else if (_packs.Read(record.Data.Span) == BlobKind.Pack)
        {
            foreach (var slice in _packs.Slices)
            {
                _marks.Mark(record.Data.Slice(slice.DataStart, slice.DataLength), seen);
            }
        }
        else
        {
            _marks.Mark(record.Data, seen);
        }
    }

    private void OnWritten(string key, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (key.StartsWith(ArchiveErrorsPrefix, StringComparison.Ordinal))
        {
            ForEachLine(parts, line => _marks.Mark(Base64Of(line, "rawData"u8), Seen.DeadLettered));
        }
        else if (s_keepers.Any(name => key.StartsWith($"{BadRowStore.Prefix}{name}/", StringComparison.Ordinal)))
        {
            ForEachLine(parts, line => _marks.MarkText(TextOf(line, "rawposition"u8), Seen.Rejected));
        }
        else if (key.StartsWith(OnFailurePrefix, StringComparison.Ordinal))
        {
            MarkBatch(parts[0]);
        }
    }

    /// <summary>An on-failure object: the whole invocation event as a string.</summary>
    private void MarkBatch(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        _batch.Read(Encoding.UTF8.GetBytes(json.RootElement.GetProperty("payload").GetString()!));
        var context = json.RootElement.GetProperty("requestContext");
        CountAgedOut(context.GetProperty("condition").GetString(), _batch.EventCount);
        if (!_keepers.Contains(context.GetProperty("functionArn").GetString()!))
        {
            // Their events are archived, or lost.
            return;
        }
        for (var i = 0; i < _batch.EventCount; i++)
        {
            var record = _batch.EventAt(i);
            if (_batch.StreamArn == _rawArn)
            {
                _marks.Mark(record.Position, Seen.DeadLettered);
            }
            else
            {
                _marks.Mark(record.Data, Seen.DeadLettered);
            }
        }
    }

    private static byte[] TextOf(ReadOnlyMemory<byte> line, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(line.Span);
        return MoveTo(ref reader, name) ? Encoding.UTF8.GetBytes(reader.GetString() ?? "") : [];
    }

    private static byte[] Base64Of(ReadOnlyMemory<byte> line, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(line.Span);
        return MoveTo(ref reader, name) ? reader.GetBytesFromBase64() : [];
    }

    /// <summary>Moves to the value of a member of an object that we wrote.</summary>
    private static bool MoveTo(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return true;
            }
            reader.Skip();
        }
        return false;
    }

    /// <summary>Calls for each line of an object, also of one whose lines run across its parts.</summary>
    private static void ForEachLine(IReadOnlyList<ReadOnlyMemory<byte>> parts, Action<ReadOnlyMemory<byte>> take)
    {
        var rest = Array.Empty<byte>();
        foreach (var part in parts)
        {
            var bytes = part;
            for (var end = bytes.Span.IndexOf((byte)'\n'); end >= 0; end = bytes.Span.IndexOf((byte)'\n'))
            {
                take(rest.Length == 0 ? bytes[..end] : (byte[])[.. rest, .. bytes[..end].Span]);
                rest = [];
                bytes = bytes[(end + 1)..];
            }
            rest = [.. rest, .. bytes.Span];
        }
        if (rest.Length > 0)
        {
            take(rest);
        }
    }
}
