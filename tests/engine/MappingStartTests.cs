using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Where a mapping begins, and how it reads its settings.</summary>
public sealed class MappingStartTests
{
    private const long Noon = 1_772_366_400;

    private static readonly EngineSettings s_late = new()
    {
        CreationTimes = new Dictionary<string, TimeSpan>
        {
            ["AWS::Lambda::EventSourceMapping"] = TimeSpan.FromSeconds(30),
        },
    };

    [Theory]
    [InlineData("0", "0 1 2 10 40")]
    [InlineData("1772366398", "0 1 2 10 40")]
    [InlineData("1772366400", "0 1 2 10 40")]
    [InlineData("1772366399.999", "0 1 2 10 40")]
    [Trait("Rule", "mapping.start-at-timestamp")]
    public void A_start_at_a_moment_before_the_first_record_is_the_trim_horizon(string seconds, string expected)
    {
        Assert.Equal(Noon, Bed.Start.ToUnixTimeSeconds());
        Assert.Equal(expected, Deliver(seconds, Bed.Start));
    }

    [Theory]
    [InlineData("1772366400.001", "1 2 10 40")]
    [InlineData("1772366401", "1 2 10 40")]
    [InlineData("1772366401.001", "2 10 40")]
    [InlineData("1.7723664105e9", "40")]
    [InlineData("1772366411", "40")]
    [Trait("Rule", "mapping.start-at-timestamp")]
    public void A_start_at_a_moment_begins_with_the_first_record_at_it_or_after_it(string seconds, string expected) =>
        Assert.Equal(expected, Deliver(seconds, Bed.Start.AddSeconds(11)));

    [Fact]
    [Trait("Rule", "mapping.start-not-in-future")]
    public void A_start_in_the_future_is_refused_before_anything_runs()
    {
        var error = Assert.Throws<ConfigurationException>(() => new Bed(Options("1772366401")));
        Assert.Equal(
            "Mapping: StartingPositionTimestamp is 2026-03-01 12:00:01Z, but the clock begins at 2026-03-01 12:00:00Z; "
            + "AWS refuses a start in the future.",
            error.Message);
    }

    [Theory]
    [InlineData("\"x\"", "x")]
    [InlineData("-1", "-1")]
    [InlineData("253402300800", "253402300800")]
    [Trait("Rule", "mapping.start-not-in-future")]
    public void A_moment_that_is_none_is_refused(string seconds, string found)
    {
        var error = Assert.Throws<TemplateException>(() => new Bed(Options(seconds)));
        Assert.Contains("StartingPositionTimestamp", error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains("seconds since 1970, 0 to 253402300799", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "mapping.start-not-in-future")]
    public void A_start_at_a_moment_needs_the_moment() => Assert.Contains(
        "StartingPositionTimestamp",
        Assert.Throws<TemplateException>(
            () => new Bed(new BedOptions { Mapping = "\"StartingPosition\": \"AT_TIMESTAMP\"" })).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", 1)]
    [InlineData("\"ParallelizationFactor\": 10", 10)]
    [Trait("Rule", "mapping.settings")]
    public void The_parallelization_factor_is_one_unless_the_template_says_otherwise(string mapping, int expected)
    {
        using var bed = new Bed(new BedOptions { Mapping = mapping });
        Assert.Equal(expected, bed.Engine.Mappings[0].Model.ParallelizationFactor);
    }

    /// <summary>The records that reach the function, by the seconds at which they were put.</summary>
    private static string Deliver(string timestamp, DateTimeOffset clock)
    {
        // The clock begins when the moment is past, and the stream's first records are put as if earlier.
        using var bed = new Bed(Options(timestamp) with { Clock = clock });
        // What is appended past the stream would only confuse the books.
        bed.Engine.Raw.Taken = null;
        var log = bed.Engine.Raw.Shards[0].Log;
        foreach (var second in new[] { 0, 1, 2, 10 })
        {
            log.Append("key"u8, System.Text.Encoding.UTF8.GetBytes($"{second}"), Bed.Start.AddSeconds(second));
        }
        bed.At(29, () => bed.Put("40"));
        bed.Run();
        return string.Join(' ', bed.Invocations.SelectMany(invocation => invocation.Data));
    }

    private static BedOptions Options(string timestamp) => new()
    {
        Settings = s_late,
        Mapping = $"\"StartingPosition\": \"AT_TIMESTAMP\", \"StartingPositionTimestamp\": {timestamp}",
    };
}
