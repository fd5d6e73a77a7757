using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Time;
using Pipeline.Functions.Pump;
using Xunit;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Functions;

public class BadRowStoreTests
{
    private static readonly DateTimeOffset Arrival = new(2026, 3, 1, 23, 59, 59, 120, TimeSpan.Zero);

    private readonly Scheduler _scheduler = new(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeBucket _bucket;

    public BadRowStoreTests() => _bucket = new FakeBucket(_scheduler, []);

    [Fact]
    public void The_key_names_filter_arrival_hour_shard_sequences_and_content()
    {
        var (stored, _) = Store(Row(7, "a"), Row(8, "b", Arrival.AddSeconds(2)), Row(12, "c"));

        Assert.True(stored);
        var (_, key, body, condition) = Assert.Single(_bucket.Writes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(body))[..32];
        Assert.Equal($"rejected/Validate/2026/03/01/23/shardId-000000000003-7-12-{hash}.ndjson", key);
        Assert.Equal(WriteCondition.CreateOnly, condition);
    }

    [Fact]
    public void The_hour_is_that_of_the_first_rejected_record_in_utc()
    {
        Store(Row(1, "a", new DateTimeOffset(2026, 1, 1, 3, 30, 0, TimeSpan.FromHours(5))));

        Assert.StartsWith("rejected/Validate/2025/12/31/22/", Assert.Single(_bucket.Objects.Keys),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_has_the_members_of_its_contract_and_no_other()
    {
        var row = Row(7, "a") with { RawPosition = "3:7:2", Errors = [new("/a", "is \"odd\" <é>"), new("", "b")] };

        Store(row);

        Assert.Equal(
            $$"""
            {"payload":"YQ==","position":"3:7:2","rawposition":"3:7:2","filter":"Validate","version":"1.2.3",
            "reason":"invalid-json","errors":[{"pointer":"/a","message":"is \"odd\" <é>"},{"pointer":"","message":"b"}],
            "arrivedAt":"2026-03-01T23:59:59.120Z"}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Assert.Single(_bucket.Writes).Body).TrimEnd('\n'));
    }

    [Fact]
    public void Each_row_is_one_line_that_ends_in_lf()
    {
        Store(Row(1, "a\nb"), Row(2, "c\r\n"));

        var text = Encoding.UTF8.GetString(Assert.Single(_bucket.Writes).Body);
        Assert.Equal(2, text.Count(character => character == '\n'));
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void The_payload_comes_back_byte_for_byte()
    {
        var all = new byte[70_000];
        new Random(5).NextBytes(all);
        var payloads = new byte[][] { all, [], [0], [.. Enumerable.Range(0, 256).Select(value => (byte)value)] };

        Store([.. payloads.Select((payload, i) => Row(i + 1, "") with { Record = RecordOf(i + 1, payload, Arrival) })]);

        Assert.Equal(payloads, Rows().Select(row => row.Payload));
    }

    [Fact]
    public void A_row_with_a_reference_names_it_and_has_no_payload()
    {
        Store(Row(1, "small") with { PayloadRef = "oversize/abc" });

        var row = Assert.Single(Rows());
        Assert.Equal("oversize/abc", row.Json.GetProperty("payloadRef").GetString());
        Assert.False(row.Json.TryGetProperty("payload", out _));
        Assert.False(row.Json.TryGetProperty("rawposition", out _));
    }

    [Fact]
    public void Every_reason_has_a_name_of_its_own_in_kebab_case()
    {
        var reasons = Enum.GetValues<RejectReason>();

        Store([.. reasons.Select((reason, i) => Row(i + 1, "x") with { Reason = reason })]);

        var names = Rows().Select(row => row.Reason).ToList();
        Assert.Equal(reasons.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", name));
    }

    [Fact]
    public void The_same_rows_make_the_same_key_and_bytes_and_are_stored_once()
    {
        var (first, _) = Store(Row(1, "a"), Row(2, "b"));
        var (second, retries) = Store(Row(1, "a"), Row(2, "b"));

        Assert.True(first && second);
        Assert.Equal(0, retries);
        Assert.Single(_bucket.Objects);
        Assert.Equal(_bucket.Writes[0].Key, _bucket.Writes[1].Key);
        Assert.Equal(_bucket.Writes[0].Body, _bucket.Writes[1].Body);
    }

    [Fact]
    public void Other_rows_of_the_same_records_make_another_object()
    {
        Store(Row(1, "a"), Row(2, "b"), Row(3, "c"));
        Store(Row(1, "a"), Row(3, "c"));

        Assert.Equal(2, _bucket.Objects.Count);
    }

    [Fact]
    public void A_fault_and_a_conflict_are_tried_again()
    {
        _bucket.Fails = write => write is 0 or 2;
        _bucket.Conflicts = write => write == 1;

        var (stored, retries) = Store(Row(1, "a"));

        Assert.True(stored);
        Assert.Equal(3, retries);
        Assert.Single(_bucket.Writes.Select(write => write.Key).Distinct());
        Assert.Equal(_bucket.Writes.OrderBy(write => write.At), _bucket.Writes);
        Assert.True(_bucket.Writes[3].At > _bucket.Writes[0].At);
    }

    [Fact]
    public void The_deadline_ends_the_attempts()
    {
        var start = _scheduler.Now;
        _bucket.Conflicts = _ => true;

        var (stored, _) = Store(Row(1, "a"));

        Assert.False(stored);
        Assert.True(_bucket.Writes.Count > 3);
        Assert.All(_bucket.Writes, write => Assert.True(write.At < start + Limit));
    }

    [Fact]
    public void No_rows_write_nothing()
    {
        Assert.True(Store().Stored);
        Assert.Empty(_bucket.Writes);
    }

    private static TimeSpan Limit => TimeSpan.FromSeconds(30);

    private IReadOnlyList<BadRowText> Rows() => BadRowText.Rows(Assert.Single(_bucket.Objects.Values));

    private static BadRow Row(int sequence, string payload, DateTimeOffset? arrivedAt = null) => new(
        RecordOf(sequence, Encoding.UTF8.GetBytes(payload), arrivedAt ?? Arrival),
        RejectReason.InvalidJson,
        [new EventError("", "is no JSON")]);

    private static Record RecordOf(int sequence, byte[] payload, DateTimeOffset arrivedAt) => new(
        payload,
        "key"u8.ToArray(),
        new Position(PumpBench.Shard, SequenceNumber.Parse(sequence.ToString(CultureInfo.InvariantCulture)), 2),
        arrivedAt);

    private (bool Stored, int Retries) Store(params BadRow[] rows)
    {
        var clock = _scheduler.Clock;
        var store = new BadRowStore(_bucket, "Validate", "1.2.3", clock, new Random(1));
        bool? stored = null;
        _scheduler.Start(async () => stored = await store.StoreAsync(
            rows, new Deadline(clock, clock.GetTimestamp(), Limit), CancellationToken.None));
        _scheduler.RunUntilIdle();
        Assert.NotNull(stored);
        return (stored.Value, store.Retries);
    }
}
