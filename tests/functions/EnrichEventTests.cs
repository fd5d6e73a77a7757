using System.Text;
using CsCheck;
using Pipeline.Core;
using Pipeline.Functions.Enrich;
using Xunit;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Functions;

public class EnrichEventTests
{
    private static readonly DateTimeOffset Arrival = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Country_and_archive_date_are_added_at_the_end_and_nothing_else_changes()
    {
        var line = EventJson.Of("1", """{"ip":"8.8.8.8", "n": [1.50, "\u00e9"]}""", time: "2026-03-14T23:00:00Z");

        Assert.Equal(line[..^1] + ",\"geocountry\":\"DE\",\"eventdate\":\"2026-03-14\"}",
            Enrich(line, Everywhere("DE")));
    }

    [Fact]
    public void Attributes_that_came_in_are_replaced_and_a_stale_country_is_never_doubled()
    {
        var line = EventJson.Of("1", """{"ip":"8.8.8.8"}""", time: "2026-03-14T23:00:00Z")
            .Replace("\"id\"", "\"eventdate\":\"1999-01-01\",\"geocountry\":null,\"id\"", StringComparison.Ordinal);

        Assert.Equal(
            line.Replace("1999-01-01", "2026-03-14", StringComparison.Ordinal)
                .Replace("null", "\"DE\"", StringComparison.Ordinal),
            Enrich(line, Everywhere("DE")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ip":null}""")]
    [InlineData("""{"ip":7}""")]
    [InlineData("""{"ip":["8.8.8.8"]}""")]
    [InlineData("""{"address":{"ip":"8.8.8.8"}}""")]
    public void An_event_without_an_address_gets_no_country(string data) =>
        Assert.DoesNotContain("geocountry", Enrich(EventJson.Of("1", data), OfText), StringComparison.Ordinal);

    [Fact]
    public void A_country_that_a_producer_claims_does_not_pass_for_a_finding()
    {
        var line = EventJson.Of("1", "{}")
            .Replace("\"id\"", "\"geocountry\":\"ZZ\",\"id\"", StringComparison.Ordinal);

        Assert.Contains("\"geocountry\":null,", Enrich(line, OfText), StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_of_a_blocked_address_says_so_and_no_producer_can_say_it()
    {
        var line = EventJson.Of("1", """{"ip":"8.8.8.8"}""", time: "2026-03-14T23:00:00Z");
        var claimed = line.Replace("\"id\"", "\"blocked\":\"no\",\"id\"", StringComparison.Ordinal);
        var nowhere = new FakeCountries("", _ => false);

        Assert.Equal(
            line[..^1] + ",\"blocked\":true,\"eventdate\":\"2026-03-14\"}",
            Enrich(line, nowhere, blockList: new FakeBlockList(true)));
        Assert.Equal(
            claimed.Replace("\"no\"", "true", StringComparison.Ordinal)[..^1] + ",\"eventdate\":\"2026-03-14\"}",
            Enrich(claimed, nowhere, blockList: new FakeBlockList(true)));
        Assert.Equal(
            claimed.Replace("\"no\"", "null", StringComparison.Ordinal)[..^1] + ",\"eventdate\":\"2026-03-14\"}",
            Enrich(claimed, nowhere));
        Assert.Contains(
            "\"blocked\":null",
            Enrich(claimed, nowhere, "data.other", new FakeBlockList(true)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_is_found_where_the_configuration_says()
    {
        var line = EventJson.Of("1", """{"client":{"a.b":"8.8.8.8"},"ip":7}""");

        Assert.Contains("geocountry", Enrich(line, OfText, @"data.client.a\.b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-15T12:00:00Z", "2026-03-15")]
    [InlineData("2026-02-12T12:00:00Z", "2026-02-12")]
    [InlineData("2026-02-12T11:59:59.9999999Z", "2026-02")]
    [InlineData("2026-03-16T12:00:00Z", "2026-03-16")]
    [InlineData("2026-03-16T12:00:00.0000001Z", "2026-03")]
    [InlineData("2026-03-15T01:00:00+02:00", "2026-03-14")]
    [InlineData("2026-03-14T23:30:00-01:00", "2026-03-15")]
    [InlineData("2025-12-31T23:59:59-00:01", "2026-01")]
    [InlineData("2016-01-01T00:00:00Z", "2016-01")]
    [InlineData("2015-12-31T23:59:59Z", "other")]
    [InlineData("2036-12-31T23:59:59Z", "2036-12")]
    [InlineData("2037-01-01T00:00:00Z", "other")]
    [InlineData("0001-01-01T00:00:00Z", "other")]
    [InlineData("9999-12-31T23:59:59Z", "other")]
    public void The_archive_date_is_a_day_near_arrival_else_a_month_else_other(string time, string date) =>
        Assert.EndsWith(
            $",\"eventdate\":\"{date}\"}}", Enrich(EventJson.Of("1", time: time), Everywhere("DE")),
            StringComparison.Ordinal);

    [Fact]
    public void Archive_dates_are_bounded_in_number_whatever_times_there_are()
    {
        var dates = new ArchiveDate();
        var seen = new HashSet<string>();

        Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks].Sample(
            ticks => { seen.Add(Text(dates, ticks)); }, iter: 20_000, threads: 1);
        Gen.Long[Arrival.AddYears(-12).UtcTicks, Arrival.AddYears(12).UtcTicks].Sample(
            ticks => { seen.Add(Text(dates, ticks)); }, iter: 20_000, threads: 1);

        Assert.InRange(seen.Count, 250, 300);
        Assert.All(seen, date => Assert.Matches("^([0-9]{4}-[0-9]{2}(-[0-9]{2})?|other)$", date));
    }

    [Fact]
    public void A_date_is_the_same_however_many_came_before_it()
    {
        var dates = new ArchiveDate();
        for (var day = 0; day < 5000; day++)
        {
            var time = Arrival.AddDays(day);
            Assert.Equal(time.ToString("yyyy-MM-dd"), Encoding.ASCII.GetString(dates.Of(time, time).Span));
        }
    }

    [Fact]
    public void The_data_is_never_touched() => Gen.String[Gen.Char[" \n\r\t"], 0, 3].Array[8].Sample(spaces =>
    {
        var data = $$"""{{{spaces[0]}}"ip"{{spaces[1]}}:"8.8.8.8"{{spaces[2]}},"n":1e+05{{spaces[3]}}}""";
        var line = EventJson.Of("1", data).Replace("\"source\"", spaces[4] + "\"source\"", StringComparison.Ordinal);

        Assert.Contains(
            "\"data\":" + data.Replace('\n', ' ').Replace('\r', ' '), Enrich(line, Everywhere("DE")),
            StringComparison.Ordinal);
    });

    private static string Text(ArchiveDate dates, long ticks) =>
        Encoding.ASCII.GetString(dates.Of(new DateTimeOffset(ticks, TimeSpan.Zero), Arrival).Span);

    private static string Enrich(
        string line, ICountries countries, string path = "data.ip", IBlockList? blockList = null)
    {
        var record = new Record(Encoding.UTF8.GetBytes(line), "key"u8.ToArray(), ValidateBench.At, Arrival);
        Assert.Null(Event.Read(record, new EventErrors(), out var @event));
        return ValidateBench.Written(
            new EnrichEvent(DataPath.Parse(path), countries, blockList ?? new FakeBlockList(false)).Apply(@event));
    }

    private static FakeCountries Everywhere(string country) => new(country, _ => true);

    private static FakeCountries OfText => new("XX", address => address[0] == '"');

    private sealed class FakeBlockList(bool isBlocked) : IBlockList
    {
        public bool IsBlocked(ReadOnlySpan<byte> address, DateTimeOffset at) => isBlocked && at == Arrival;
    }

    private sealed class FakeCountries(string country, Func<byte[], bool> knows) : ICountries
    {
        public bool TryFind(ReadOnlySpan<byte> address, out ReadOnlyMemory<byte> found)
        {
            found = Encoding.ASCII.GetBytes(country);
            return knows(address.ToArray());
        }
    }
}
