using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What the mapping of a stream does when its function has no place to run.</summary>
public sealed class MappingThrottleTests
{
    private static readonly string s_lastHashKey = UInt128.MaxValue.ToString(CultureInfo.InvariantCulture);

    [Fact]
    [Trait("Rule", "mapping.throttle")]
    public void A_throttled_batch_is_tried_again_and_no_attempt_is_counted()
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(50), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { Shards = 2, ReservedConcurrency = 1, Mapping = "\"MaximumRetryAttempts\": 0" });
        bed.Put("first", "key", "0");
        bed.Put("second", "key", s_lastHashKey);
        bed.Run();
        // Throttled at 0, 1, 3, 7, 15 and 31 s; the place is free from 50 s on.
        Assert.Equal([0, 63], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
        var counters = bed.Engine.Functions[0].Counters;
        Assert.Equal((2, 6, 0), (counters.Invocations, counters.Throttles, counters.Errors));
        Assert.Empty(bed.Objects("aws/lambda/"));
    }

    [Fact]
    [Trait("Rule", "mapping.throttle")]
    public void A_throttled_batch_is_not_bisected()
    {
        using var bed = new Bed(new BedOptions
        {
            ReservedConcurrency = 0,
            Mapping = "\"BisectBatchOnFunctionError\": true, \"MaximumRecordAgeInSeconds\": 60",
        });
        for (var i = 0; i < 4; i++)
        {
            bed.Put($"{i}");
        }
        bed.Run();
        var document = JsonDocument.Parse(Assert.Single(bed.Objects("aws/lambda/")).Value).RootElement;
        Assert.Equal(4, document.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32());
    }

    [Theory]
    [InlineData("\"MaximumRetryAttempts\": 0, \"MaximumRecordAgeInSeconds\": 3600", 3600)]
    [InlineData("\"MaximumRetryAttempts\": 0", 86_400)]
    [InlineData("\"MaximumRetryAttempts\": -1, \"MaximumRecordAgeInSeconds\": 604800", 86_400)]
    [Trait("Rule", "mapping.throttle")]
    public void A_throttled_batch_is_tried_until_its_records_are_too_old_or_expire(string mapping, int seconds)
    {
        using var bed = new Bed(new BedOptions { ReservedConcurrency = 0, Mapping = mapping });
        bed.Put("a");
        bed.Run();
        Assert.Empty(bed.Invocations);
        Assert.InRange(bed.Now.TotalSeconds, seconds, seconds + 61);
        Assert.True(bed.Engine.Functions[0].Counters.Throttles > seconds / 61);
        var request = JsonDocument.Parse(Assert.Single(bed.Objects("aws/lambda/")).Value).RootElement
            .GetProperty("requestContext");
        Assert.Equal("RecordAgeExceeded", request.GetProperty("condition").GetString());
        Assert.Equal(0, request.GetProperty("approximateInvokeCount").GetInt32());
    }

    [Fact]
    [Trait("Rule", "mapping.retry-until-expiry")]
    public void Errors_without_a_limit_to_attempts_end_when_the_records_expire()
    {
        using var bed = new Bed(_ => throw new InvalidOperationException("down"));
        bed.Put("a");
        bed.Run();
        Assert.InRange(bed.Now.TotalSeconds, 86_400, 86_461);
        Assert.Contains(
            "\"condition\":\"RecordAgeExceeded\"", Assert.Single(bed.Objects("aws/lambda/")).Value,
            StringComparison.Ordinal);
    }
}
