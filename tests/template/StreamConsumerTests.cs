using Xunit;

namespace Pipeline.Tests.Template;

public sealed class StreamConsumerTests
{
    private const string Consumer = """
        { "Type": "AWS::Kinesis::StreamConsumer", "Properties": {
            "ConsumerName": "enrich", "StreamARN": { "Fn::GetAtt": [ "Raw", "Arn" ] } } }
        """;

    private const string ThroughConsumer = """{ "Fn::GetAtt": [ "Reader", "ConsumerARN" ] }""";

    [Fact]
    public void A_mapping_may_read_through_a_consumer_of_its_own()
    {
        var stack = Templates.With("Reader", Consumer)
            .Set("EnrichMapping.Properties.EventSourceArn", ThroughConsumer).Load();
        var mapping = Assert.Single(stack.KinesisMappings);
        Assert.Equal("Raw", mapping.Stream.LogicalId);
        Assert.Equal(
            "arn:aws:kinesis:us-east-1:123456789012:stream/Raw/consumer/enrich:1", mapping.Consumer?.Arn);
    }

    [Fact]
    public void Consumers_of_two_streams_may_share_a_name()
    {
        var stack = Templates.With("Reader", Consumer)
            .Set("Other", """{ "Type": "AWS::Kinesis::Stream", "Properties": { "ShardCount": 1 } }""")
            .Set("Second", Consumer.Replace("Raw", "Other", StringComparison.Ordinal)).Load();
        Assert.Equal(2, stack.Models.OfType<Pipeline.Engine.Template.StreamConsumerModel>().Count());
    }

    [Theory]
    [InlineData("Reader.Properties.ConsumerName", null, "ConsumerName")]
    [InlineData("Reader.Properties.ConsumerName", "\"a b\"", "'a b'")]
    [InlineData("Reader.Properties.StreamARN", null, "StreamARN")]
    [InlineData("Reader.Properties.StreamARN", "\"arn:aws:kinesis:us-east-1:123456789012:stream/No\"", "stream/No")]
    [InlineData("Reader.Properties.Colour", "\"green\"", "Colour")]
    [InlineData(
        "EnrichMapping.Properties.EventSourceArn",
        "\"arn:aws:kinesis:us-east-1:123456789012:stream/Raw/consumer/no:1\"",
        "consumer/no:1")]
    public void A_mistake_is_told_by_its_place(string path, string? json, string named)
    {
        var problems = Templates.With("Reader", Consumer)
            .Set("EnrichMapping.Properties.EventSourceArn", ThroughConsumer).Set(path, json).Problems();
        Assert.Contains(problems, problem => problem.Contains(named, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [Trait("Rule", "streams.consumers-most")]
    public void A_stream_has_twenty_consumers_at_most(int count)
    {
        var template = Templates.Sample();
        for (var i = 0; i < count; i++)
        {
            template.Set($"Reader{i}", Consumer.Replace("\"enrich\"", $"\"reader-{i}\"", StringComparison.Ordinal));
        }
        if (count == 20)
        {
            template.Load();
            return;
        }
        Assert.Equal(
            "Raw: found 21 consumers of this stream; honoured: at most 20.", Assert.Single(template.Problems()));
    }

    [Fact]
    public void Two_consumers_of_one_name_on_a_stream_are_refused() => Assert.Contains(
        Templates.With("Reader", Consumer).Set("Second", Consumer).Problems(),
        problem => problem.Contains("which Reader has", StringComparison.Ordinal));
}
