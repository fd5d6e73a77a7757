using System.Text;
using System.Text.Json.Serialization;
using Amazon.Lambda.CloudWatchEvents.ScheduledEvents;
using Amazon.Lambda.Serialization.SystemTextJson;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>A schedule's event is read with all that AWS documents of it.</summary>
public sealed partial class ScheduledEventTests
{
    // "Using AWS Lambda with Amazon EventBridge": the event of a schedule.
    private const string Documented = """
        {"version":"0","account":"123456789012","region":"us-east-2","detail":{},"detail-type":"Scheduled Event",
        "source":"aws.events","time":"2019-03-01T01:23:45Z","id":"cdc73f9d-aea9-11e3-9d5a-835b769c0d9c",
        "resources":["arn:aws:events:us-east-2:123456789012:rule/my-schedule"]}
        """;

    [Fact]
    public void A_documented_event_is_read_whole()
    {
        var serializer = new SourceGeneratorLambdaJsonSerializer<Context>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Documented));
        var scheduled = serializer.Deserialize<ScheduledEvent>(stream);
        Assert.Equal("0", scheduled.Version);
        Assert.Equal("123456789012", scheduled.Account);
        Assert.Equal("us-east-2", scheduled.Region);
        Assert.NotNull(scheduled.Detail);
        Assert.Equal("Scheduled Event", scheduled.DetailType);
        Assert.Equal("aws.events", scheduled.Source);
        Assert.Equal(new DateTime(2019, 3, 1, 1, 23, 45, DateTimeKind.Utc), scheduled.Time.ToUniversalTime());
        Assert.Equal("cdc73f9d-aea9-11e3-9d5a-835b769c0d9c", scheduled.Id);
        Assert.Equal(["arn:aws:events:us-east-2:123456789012:rule/my-schedule"], scheduled.Resources);
    }

    [JsonSerializable(typeof(ScheduledEvent))]
    internal sealed partial class Context : JsonSerializerContext;
}
