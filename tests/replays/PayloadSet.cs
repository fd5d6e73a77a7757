using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Tests.Functions;
using Pipeline.Tests.Packs;

namespace Pipeline.Tests.Replays;

/// <summary>
/// The payloads of <c>events/</c>: what a function gets is what the functions before it really made of the story.
/// </summary>
internal static class PayloadSet
{
    /// <summary>From an event to its record.</summary>
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(120);

    private static readonly Slots s_slots = new(Limits.SlotsDefault);

    /// <summary>Every payload, by its name below <c>events/</c>.</summary>
    public static SortedDictionary<string, byte[]> Make()
    {
        var payloads = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var validated = AddRaw(payloads);
        var enriched = AddPacked(payloads, "Enrich", validated);
        var critical = AddPacked(payloads, "FilterCritical", enriched);
        AddUnpacked(payloads, "FilterCritical", enriched);
        AddPacked(payloads, "Route", critical);
        CommandPayloads.Add(payloads, payloads["Route/normal.json"]);
        foreach (var function in Replay.Stack.Functions)
        {
            payloads[$"{function.Function}/empty.json"] = PayloadJson.Empty;
        }
        return payloads;
    }

    /// <summary>The payloads of the first function: what producers send.</summary>
    /// <returns>What it makes of the normal one.</returns>
    private static IReadOnlyList<LoggedRecord> AddRaw(SortedDictionary<string, byte[]> payloads)
    {
        var normal = Put("Validate", Story.Lines.Select(Plain));
        var inPacks = Story.Lines.ToLookup(line => PartitionKeyRule.KeyOf(line) == Story.Customer);
        var bad = Story.BadLines.Select(Plain).ToList();
        bad[^1] = bad[^1] with { PartitionKey = Story.Service };
        bad.Insert(4, Plain(Story.Lines[1]));
        bad.Add(Broken(Plain(Story.Lines[2])));
        payloads["Validate/normal.json"] = normal;
        payloads["Validate/redelivery.json"] = normal;
        payloads["Validate/bad-data.json"] = Put("Validate", bad);
        payloads["Validate/pack.json"] = Put("Validate", [ForeignPack(inPacks[false]), OwnPack(inPacks[true])]);
        return OutputOf("Validate", normal);
    }

    /// <summary>The payloads of a function whose input others of ours write.</summary>
    /// <returns>What it makes of the normal one.</returns>
    private static IReadOnlyList<LoggedRecord> AddPacked(
        SortedDictionary<string, byte[]> payloads, string function, IReadOnlyList<LoggedRecord> input)
    {
        var stream = Replay.InputOf(function)!;
        var model = Replay.Stack.Functions.Single(f => f.Function == function);
        var normal = PayloadJson.Of(stream, model, input);
        var events = input.SelectMany(Events).ToList();
        payloads[$"{function}/normal.json"] = normal;
        payloads[$"{function}/redelivery.json"] = normal;
        payloads[$"{function}/pack.json"] = PayloadJson.Of(stream, model, input.Where(r => Events(r).Count() > 1));
        payloads[$"{function}/plain.json"] = Put(function, events.Select(Alone));
        payloads[$"{function}/bad-data.json"] = Put(function,
        [
            Alone(events[0]),
            Broken(Alone(events[1])),
            Alone((events[2].Key, "not what Validate writes"u8.ToArray())),
            Alone((events[0].Key, Story.Changed(events[0].Data, "\"specversion\":\"1.0\",", ""))),
            Alone((events[1].Key, [.. events[1].Data[..^1], .. ",\"id\":\"twice\"}"u8])),
        ]);
        return OutputOf(function, normal);
    }

    /// <summary>The normal payload as it may come to a consumer of its own: packs taken apart already.</summary>
    private static void AddUnpacked(
        SortedDictionary<string, byte[]> payloads, string function, IReadOnlyList<LoggedRecord> input) =>
        payloads[$"{function}/unpacked.json"] = PayloadJson.Of(
            Replay.InputOf(function)!,
            Replay.Stack.Functions.Single(f => f.Function == function),
            from record in input
            from @event in Events(record)
            select record with { PartitionKey = Encoding.UTF8.GetBytes(@event.Key), Data = @event.Data });

    /// <summary>
    /// Puts records on a function's stream, each soon after its events were observed, and reads them there.
    /// </summary>
    private static byte[] Put(string function, IEnumerable<PutEntry> entries)
    {
        using var replay = new Replay(function, Story.TimeOf(Story.Lines[0]));
        var stream = Replay.InputOf(function)!;
        var clock = replay.Function.Scheduler;
        foreach (var entry in entries)
        {
            var observed = Story.LastTimeIn(entry.Data.Span) ?? clock.Now;
            clock.Jump((observed > clock.Now ? observed - clock.Now : TimeSpan.Zero) + s_latency);
            replay.Stream(stream.LogicalId).PutRecords([entry]);
        }
        return PayloadJson.Of(stream, replay.Model, replay.Records(stream.LogicalId));
    }

    private static IReadOnlyList<LoggedRecord> OutputOf(string function, byte[] payload)
    {
        using var replay = new Replay(function, Arrival(payload));
        using var batch = new RecordBatch();
        batch.Read(payload);
        replay.Function.Invoke(payload, batch.RecordCount);
        return [.. Replay.Stack.Streams.SelectMany(stream => replay.Records(stream.LogicalId))];
    }

    private static DateTimeOffset Arrival(byte[] payload)
    {
        using var batch = new RecordBatch();
        batch.Read(payload);
        return batch.RecordAt(batch.RecordCount - 1).ArrivedAt;
    }

    private static IEnumerable<(string Key, byte[] Data)> Events(LoggedRecord record) => TestPacks.Unpack(
        new PutEntry(record.Data.ToArray(), Encoding.UTF8.GetString(record.PartitionKey.Span), null));

    private static PutEntry Plain(byte[] line) => new(line, PartitionKeyRule.KeyOf(line), null);

    private static PutEntry Alone((string Key, byte[] Data) @event) => new(
        @event.Data, @event.Key, s_slots.HashKeyText(s_slots.SlotOf(Encoding.UTF8.GetBytes(@event.Key))));

    /// <summary>One pack of one slot, as our own producers send it.</summary>
    private static PutEntry OwnPack(IEnumerable<byte[]> lines)
    {
        var writer = new PackWriter(s_slots);
        writer.Begin(s_slots.SlotOf(Encoding.UTF8.GetBytes(PartitionKeyRule.KeyOf(lines.First()))));
        foreach (var line in lines)
        {
            writer.TryAdd(Encoding.UTF8.GetBytes(PartitionKeyRule.KeyOf(line)), line);
        }
        return writer.Finish();
    }

    /// <summary>One pack of many keys without hash keys, under the partition key that the KPL gives packs.</summary>
    private static PutEntry ForeignPack(IEnumerable<byte[]> lines)
    {
        var keys = lines.Select(line => PartitionKeyRule.KeyOf(line)).Distinct().ToList();
        var records = lines.Select(line => PackBytes.Record(
            PackBytes.KeyIndex((ulong)keys.IndexOf(PartitionKeyRule.KeyOf(line))), PackBytes.Field(3, line)));
        return new PutEntry(PackBytes.Blob([.. keys.Select(PackBytes.PartitionKey), .. records]), "a", null);
    }

    /// <summary>A pack of one event whose last byte got lost.</summary>
    private static PutEntry Broken(PutEntry entry)
    {
        var pack = PackBytes.Blob(
            PackBytes.PartitionKey(entry.PartitionKey),
            PackBytes.Record(PackBytes.KeyIndex(0), PackBytes.Field(3, entry.Data.ToArray())));
        return entry with { Data = pack.AsMemory(0, pack.Length - 1) };
    }
}
