using Pipeline.Cli.Arguments;
using Xunit;

namespace Pipeline.Tests.Generate;

public class DurationTests
{
    [Theory]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    [InlineData("20s", 20_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d1ms", 172_800_001)]
    [InlineData("PT20S", 20_000)]
    [InlineData("PT0.25S", 250)]
    [InlineData("P1D", 86_400_000)]
    [InlineData("P1DT2H3M4S", 93_784_000)]
    public void A_duration_is_read(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("s")]
    [InlineData(".s")]
    [InlineData("1.2.3s")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("5m1h")]
    [InlineData("5s5s")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1M")]
    [InlineData("P1Y")]
    [InlineData("P1W")]
    [InlineData("P1S")]
    [InlineData("pt5s")]
    [InlineData("10675200d")]
    [InlineData("10675199d24h")]
    [InlineData("99999999999999999999999999999999h")]
    public void Anything_else_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));
}
