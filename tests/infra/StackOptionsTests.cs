using Pipeline.Core;
using Pipeline.Infra;
using Xunit;

namespace Pipeline.Tests.Infra;

public sealed class StackOptionsTests
{
    [Fact]
    public void Without_context_the_defaults_hold()
    {
        var options = Read([]);
        Assert.Equal(
            new StackOptions
            {
                Shards = 2,
                RetentionHours = 168,
                Slots = Limits.SlotsDefault,
                MemoryMebibytes = 512,
                TimeoutSeconds = 60,
                Reserved = null,
                Architecture = "x86_64",
                Runtime = "provided.al2023",
                Code = "publish",
                KeepDays = 365,
                FanOut = "enhanced",
                AlarmTopic = null,
                Endpoint = null,
            },
            options);
    }

    [Theory]
    [InlineData("shards", "1", true)]
    [InlineData("shards", "0", false)]
    [InlineData("shards", "32", true)]
    [InlineData("shards", "10001", false)]
    [InlineData("shards", "2.5", false)]
    [InlineData("shards", "-2", false)]
    [InlineData("shards", " 2", false)]
    [InlineData("shards", "two", false)]
    [InlineData("shards", "", false)]
    [InlineData("shards", 4.0, true)]
    [InlineData("shards", 4.5, false)]
    [InlineData("retention", "24", true)]
    [InlineData("retention", "23", false)]
    [InlineData("retention", "8760", true)]
    [InlineData("retention", "8761", false)]
    [InlineData("slots", "8", true)]
    [InlineData("slots", "96", false)]
    [InlineData("slots", "65536", true)]
    [InlineData("slots", "131072", false)]
    [InlineData("memory", "128", true)]
    [InlineData("memory", "127", false)]
    [InlineData("memory", "10240", true)]
    [InlineData("memory", "10241", false)]
    [InlineData("timeout", "10", true)]
    [InlineData("timeout", "9", false)]
    [InlineData("timeout", "900", true)]
    [InlineData("timeout", "901", false)]
    [InlineData("reserved", "2", true)]
    [InlineData("reserved", "1", false)]
    [InlineData("reserved", "0", false)]
    [InlineData("keep", "1", true)]
    [InlineData("keep", "0", false)]
    [InlineData("keep", "3651", false)]
    [InlineData("architecture", "arm64", true)]
    [InlineData("architecture", "x86", false)]
    [InlineData("runtime", "provided.al2023", true)]
    [InlineData("runtime", "dotnet10", true)]
    [InlineData("runtime", "dotnet8", false)]
    [InlineData("fanout", "enhanced", true)]
    [InlineData("fanout", "shared", true)]
    [InlineData("fanout", "dedicated", false)]
    [InlineData("alarms", "arn:aws:sns:eu-central-1:123456789012:pager", true)]
    [InlineData("alarms", "arn:aws-us-gov:sns:us-gov-west-1:123456789012:On_call-1", true)]
    [InlineData("alarms", "arn:aws:sns:eu-central-1:123456789012:pager.fifo", false)]
    [InlineData("alarms", "arn:aws:sqs:eu-central-1:123456789012:pager", false)]
    [InlineData("alarms", "arn:aws:sns:eu-central-1:1234:pager", false)]
    [InlineData("alarms", "pager", false)]
    [InlineData("alarms", "", false)]
    [InlineData("endpoint", "http://host.docker.internal:4566", true)]
    [InlineData("endpoint", "https://emulator.example/", true)]
    [InlineData("endpoint", "host.docker.internal:4566", false)]
    [InlineData("endpoint", "ftp://host", false)]
    [InlineData("endpoint", "", false)]
    [InlineData("code", "none", true)]
    [InlineData("code", "None", false)]
    public void An_option_keeps_its_bounds(string name, object value, bool accepted)
    {
        var options = StackOptions.Read(key => key == name ? value : null, out var error);
        Assert.Equal(accepted, options is not null);
        Assert.Equal(accepted, error is null);
        if (!accepted)
        {
            Assert.StartsWith($"Context option '{name}' is ", error);
            Assert.EndsWith(".", error);
            Assert.DoesNotContain('\n', error!);
        }
    }

    [Theory]
    [InlineData("2", "4", "is 4: 2 shards need at least 8 slots (4 a shard), so give -c slots=8.")]
    [InlineData("33", "128", "is 128: 33 shards need at least 132 slots (4 a shard), so give -c slots=256.")]
    public void Fewer_slots_than_four_a_shard_are_refused(string shards, string slots, string expected)
    {
        Assert.Null(StackOptions.Read(Context(new() { ["shards"] = shards, ["slots"] = slots }), out var error));
        Assert.Equal($"Context option 'slots' {expected}", error);
    }

    [Fact]
    public void Slots_that_are_exactly_four_a_shard_are_taken() =>
        Assert.Equal(256, Read(new() { ["shards"] = "64", ["slots"] = "256" }).Slots);

    [Theory]
    [InlineData(24, 22 * 3600)]
    [InlineData(168, 166 * 3600)]
    [InlineData(169, 167 * 3600)]
    [InlineData(170, Limits.MappingRecordAgeSecondsMax)]
    [InlineData(8760, Limits.MappingRecordAgeSecondsMax)]
    public void A_record_is_given_up_two_hours_before_the_stream_forgets_it(int retention, int seconds) =>
        Assert.Equal(seconds, Read(new() { ["retention"] = retention }).RecordAgeSeconds);

    private static StackOptions Read(Dictionary<string, object> context)
    {
        var options = StackOptions.Read(Context(context), out var error);
        Assert.Null(error);
        return options!;
    }

    private static Func<string, object?> Context(Dictionary<string, object> context) => context.GetValueOrDefault;
}
