using System.Globalization;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

public class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.0000000")]
    [InlineData("2026-03-01t12:00:00z", "2026-03-01T12:00:00.0000000")]
    [InlineData("2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00.0000000")]
    [InlineData("2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00.0000000")]
    [InlineData("2026-03-01T12:00:00-23:59", "2026-03-02T11:59:00.0000000")]
    [InlineData("2026-03-01T12:00:00-00:00", "2026-03-01T12:00:00.0000000")]
    [InlineData("2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.5000000")]
    [InlineData("2026-03-01T12:00:00.123456789012345678901234567890Z", "2026-03-01T12:00:00.1234567")]
    [InlineData("2000-02-29T00:00:00Z", "2000-02-29T00:00:00.0000000")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.9999999")]
    [InlineData("1998-12-31T15:59:60.123-08:00", "1998-12-31T23:59:59.9999999")]
    [InlineData("2017-01-01T00:59:60+01:00", "2016-12-31T23:59:59.9999999")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void A_timestamp_is_an_instant(string text, string utc)
    {
        Assert.Equal(Rfc3339Status.Read, Rfc3339.Parse(Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(utc, new DateTime(ticks).ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:00:00")]
    [InlineData("2026-03-01T12:00Z")]
    [InlineData("2026-03-01 12:00:00Z")]
    [InlineData("2026-3-01T12:00:00Z")]
    [InlineData("2026-00-01T12:00:00Z")]
    [InlineData("2026-13-01T12:00:00Z")]
    [InlineData("2026-03-00T12:00:00Z")]
    [InlineData("2026-04-31T12:00:00Z")]
    [InlineData("2026-02-29T12:00:00Z")]
    [InlineData("1900-02-29T12:00:00Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T12:60:00Z")]
    [InlineData("2026-03-01T12:00:61Z")]
    [InlineData("2026-03-31T12:00:60Z")]
    [InlineData("2026-03-30T23:59:60Z")]
    [InlineData("2016-12-31T22:59:60Z")]
    [InlineData("2016-12-31T23:59:60+01:00")]
    [InlineData("2026-03-01T12:00:00.Z")]
    [InlineData("2026-03-01T12:00:00,5Z")]
    [InlineData("2026-03-01T12:00:00.5")]
    [InlineData("2026-03-01T12:00:00+24:00")]
    [InlineData("2026-03-01T12:00:00+01:60")]
    [InlineData("2026-03-01T12:00:00+0100")]
    [InlineData("2026-03-01T12:00:00+01")]
    [InlineData("2026-03-01T12:00:00Z ")]
    [InlineData("+026-03-01T12:00:00Z")]
    [InlineData("２026-03-01T12:00:00Z")]
    public void What_is_no_timestamp_is_malformed(string text) =>
        Assert.Equal(Rfc3339Status.Malformed, Rfc3339.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("0000-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    public void Instants_beyond_the_calendar_are_out_of_range(string text) =>
        Assert.Equal(Rfc3339Status.OutOfRange, Rfc3339.Parse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_instant_reads_as_it_was_written() =>
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay], Gen.Int[-840, 840])
            .Where((ticks, offset) => ticks > TimeSpan.TicksPerDay)
            .Sample((ticks, offset) =>
            {
                var time = new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(offset));
                var text = time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
                return Rfc3339.Parse(Encoding.UTF8.GetBytes(text), out var read) == Rfc3339Status.Read && read == ticks;
            });
}
