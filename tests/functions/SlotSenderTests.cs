using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Time;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Functions;

public class SlotSenderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Scheduler _scheduler = new(Start);
    private readonly FakeStream _stream;

    public SlotSenderTests() => _stream = new FakeStream(_scheduler, []);

    [Fact]
    public void A_request_holds_one_record_of_a_slot_and_the_next_waits_for_it()
    {
        Assert.Empty(Send([Pack(0, "a"), Pack(0, "b"), Pack(0, "c"), Pack(1, "d"), Pack(1, "e"), Pack(2, "f")]));

        Assert.Equal(["a d f", "b e", "c"], Requests);
    }

    [Fact]
    public void A_request_holds_as_many_records_as_the_service_takes()
    {
        Assert.Empty(Send([.. Enumerable.Range(0, 1200).Select(slot => Pack(slot, Id(slot)))]));

        Assert.Equal([500, 500, 200], _stream.Requests.Select(request => request.Entries.Count));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 9)]
    public void A_request_holds_as_many_bytes_as_the_service_takes_keys_included(int more, int first)
    {
        var size = (Limits.PutRecordsBytesMax / 10) - PartitionKey(0).Length;

        Assert.Empty(Send([
            Pack(0, Sized(size + more)), .. Enumerable.Range(1, 11).Select(slot => Pack(slot, Sized(size)))]));

        Assert.Equal([first, 12 - first], _stream.Requests.Select(request => request.Entries.Count));
        Assert.All(_stream.Requests, request => Assert.InRange(
            request.Entries.Sum(entry => entry.Data.Length + entry.PartitionKey.Length), 1, Limits.PutRecordsBytesMax));
    }

    [Fact]
    public void Only_the_entries_that_failed_are_sent_again()
    {
        _stream.Throttles = (request, entry) => request < 2 && Ids([entry]) is "b" or "d"
            && !(request == 1 && Ids([entry]) == "d");

        Assert.Empty(Send([Pack(0, "a"), Pack(1, "b"), Pack(2, "c"), Pack(3, "d")], out var retries));

        Assert.Equal(["a b c d", "b d", "b"], Requests);
        Assert.Equal(3, retries);
    }

    [Fact]
    public void A_failed_record_stays_before_the_next_one_of_its_slot()
    {
        _stream.Throttles = (request, entry) => request is 0 or 1 && Ids([entry]) == "a";

        Assert.Empty(Send([Pack(0, "a"), Pack(0, "b"), Pack(1, "c"), Pack(1, "d"), Pack(1, "e")]));

        Assert.Equal(["a c", "a d", "a e", "b"], Requests);
    }

    [Theory]
    [InlineData(RequestFault.Lost, 2)]
    [InlineData(RequestFault.AnswerLost, 4)]
    public void A_request_that_failed_as_a_whole_is_sent_again_as_a_whole(RequestFault fault, int copies)
    {
        _stream.Breaks = request => request == 0 ? fault : RequestFault.None;

        Assert.Empty(Send([Pack(0, "a"), Pack(1, "b")], out var retries));

        Assert.Equal(["a b", "a b"], Requests);
        Assert.Equal(copies, _stream.Accepted.Count);
        Assert.Equal(2, retries);
    }

    [Fact]
    public void Waits_grow_up_to_a_bound_and_differ_from_sender_to_sender()
    {
        _stream.Throttles = (request, _) => request < 20;
        Send([Pack(0, "a")]);
        var waits = Waits();
        var other = new FakeStream(_scheduler, []) { Throttles = (request, _) => request < 20 };
        Send(other, [Pack(0, "a")], seed: 2, TimeSpan.FromHours(1), out _);

        var bound = TimeSpan.FromMilliseconds(50);
        foreach (var wait in waits)
        {
            Assert.InRange(wait, bound / 2, bound);
            bound = TimeSpan.FromTicks(Math.Min((2 * bound).Ticks, TimeSpan.FromSeconds(2).Ticks));
        }
        Assert.Equal(20, waits.Count);
        Assert.NotEqual(waits, Waits(other));
    }

    [Fact]
    public void The_wait_is_short_again_after_a_request_that_went_well()
    {
        _stream.Throttles = (request, _) => request is < 6 or 7;

        Assert.Empty(Send([Pack(0, "a"), Pack(0, "b")]));

        var waits = Waits();
        Assert.True(waits[5] > TimeSpan.FromMilliseconds(500));
        Assert.Equal(TimeSpan.Zero, waits[6]);
        Assert.True(waits[7] <= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void What_is_not_accepted_when_the_deadline_comes_is_answered_in_its_order()
    {
        _stream.Throttles = (_, entry) => Ids([entry]) is "b" or "d";

        var left = Send(
            _stream, [Pack(0, "a"), Pack(1, "b"), Pack(1, "c"), Pack(2, "d"), Pack(3, "e")], 1,
            TimeSpan.FromSeconds(5), out _);

        Assert.Equal("b c d", Ids(left.Select(pack => pack.Entry)));
        Assert.Equal("a e", Ids(_stream.Accepted));
        Assert.True(_stream.Requests[^1].At < Start + TimeSpan.FromSeconds(5));
        Assert.True(_scheduler.Now < Start + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void No_request_begins_after_the_deadline()
    {
        _stream.Takes = TimeSpan.FromSeconds(3);

        var left = Send(_stream, [Pack(0, "a"), Pack(0, "b"), Pack(0, "c")], 1, TimeSpan.FromSeconds(5), out _);

        Assert.Equal(["a", "b"], Requests);
        Assert.Equal("c", Ids(left.Select(pack => pack.Entry)));
    }

    [Fact]
    public void An_entry_without_an_answer_counts_as_failed()
    {
        var port = new ForgetfulStream(_stream);
        Send(port, [Pack(0, "a"), Pack(1, "b"), Pack(2, "c")], 1, TimeSpan.FromSeconds(50), out _);

        Assert.Equal(["a b c", "c"], Requests);
    }

    private IEnumerable<string> Requests => _stream.Requests.Select(request => Ids(request.Entries));

    private static string Ids(IEnumerable<PutEntry> entries) =>
        string.Join(' ', entries.Select(entry => EventJson.IdOf(entry.Data)));

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string PartitionKey(int slot) => slot.ToString("00000", CultureInfo.InvariantCulture);

    private static byte[] Sized(int bytes) => EventJson.Bytes("x", bytes - EventJson.Bytes("x", 1).Length + 1);

    private static OutgoingPack Pack(int slot, string id) => Pack(slot, EventJson.Bytes(id));

    private static OutgoingPack Pack(int slot, byte[] data) =>
        new(new PutEntry(data, PartitionKey(slot), "0"), slot, slot);

    private IReadOnlyList<OutgoingPack> Send(OutgoingPack[] packs) => Send(packs, out _);

    private IReadOnlyList<OutgoingPack> Send(OutgoingPack[] packs, out int retries) =>
        Send(_stream, packs, seed: 1, TimeSpan.FromHours(1), out retries);

    private IReadOnlyList<OutgoingPack> Send(
        IStreamPort stream, OutgoingPack[] packs, int seed, TimeSpan limit, out int retries)
    {
        var clock = _scheduler.Clock;
        var sender = new SlotSender(stream, "output", clock, new Random(seed));
        IReadOnlyList<OutgoingPack> left = packs;
        _scheduler.Start(async () => left = await sender.SendAsync(
            packs, new Deadline(clock, clock.GetTimestamp(), limit), CancellationToken.None));
        _scheduler.RunUntilIdle();
        retries = sender.Retries;
        return left;
    }

    private List<TimeSpan> Waits() => Waits(_stream);

    private static List<TimeSpan> Waits(FakeStream stream) =>
        [.. stream.Requests.Zip(stream.Requests.Skip(1), (one, next) => next.At - one.At)];

    /// <summary>Answers the first request but for its last entry.</summary>
    private sealed class ForgetfulStream(FakeStream stream) : IStreamPort
    {
        public async ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
            string name, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
        {
            var results = await stream.PutRecordsAsync(name, entries, cancellation);
            return stream.Requests.Count == 1 ? [.. results.Take(results.Count - 1)] : results;
        }
    }
}
