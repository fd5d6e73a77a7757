using System.Net;
using System.Text;
using Amazon.Kinesis;
using Amazon.Runtime;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>Kinesis' answers, member by member. Source: the API reference's examples and model 2013-12-02.</summary>
public sealed class KinesisAnswerTests
{
    private static readonly DateTime s_time = new(2018, 12, 17, 22, 10, 50, 987, DateTimeKind.Utc);

    [Fact]
    public async Task Records_are_put_entry_by_entry()
    {
        using var script = new KinesisScript("""
            {"EncryptionType":"KMS","FailedRecordCount":1,"Records":[{"SequenceNumber":"49","ShardId":"shard"},
             {"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded."}]}
            """);
        var answer = await script.Client.PutRecordsAsync(new());
        Assert.Equal((1, EncryptionType.KMS), (answer.FailedRecordCount, answer.EncryptionType));
        Assert.Equal(
            [("49", "shard", null!, null!), (null!, null!, "ProvisionedThroughputExceededException", "Rate exceeded.")],
            answer.Records.Select(
                record => (record.SequenceNumber, record.ShardId, record.ErrorCode, record.ErrorMessage)));
    }

    [Fact]
    public async Task A_record_is_put()
    {
        using var script = new KinesisScript(
            """{"EncryptionType":"ROT13","SequenceNumber":"49","ShardId":"shard"}""");
        var answer = await script.Client.PutRecordAsync(new());
        Assert.Equal(("ROT13", "49", "shard"), (answer.EncryptionType.Value, answer.SequenceNumber, answer.ShardId));
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatusCode);
    }

    [Fact]
    public async Task Records_are_read_with_the_shards_that_came_of_theirs()
    {
        using var script = new KinesisScript("""
            {"NextShardIterator":null,"MillisBehindLatest":86400000000,"ChildShards":[
              {"ShardId":"b","ParentShards":["a","z"],"HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"}}],
             "Records":[{"ApproximateArrivalTimestamp":1.545084650987E9,"Data":"AQD/","PartitionKey":"k\u00e9",
              "SequenceNumber":"49","EncryptionType":"NONE","Later":{"member":[1,{"deep":null}]}},
              {"ApproximateArrivalTimestamp":1545084650.987,"Data":"","PartitionKey":"l","SequenceNumber":"50"}]}
            """);
        var answer = await script.Client.GetRecordsAsync(new());
        Assert.Null(answer.NextShardIterator);
        Assert.Equal(86_400_000_000, answer.MillisBehindLatest);
        var child = Assert.Single(answer.ChildShards);
        Assert.Equal(
            ("b", "a z", "0", "9"),
            (child.ShardId, string.Join(' ', child.ParentShards), child.HashKeyRange.StartingHashKey,
                child.HashKeyRange.EndingHashKey));
        Assert.Equal(
            [("AQD/", "ké", "49", EncryptionType.NONE), ("", "l", "50", null!)],
            answer.Records.Select(record => (
                Convert.ToBase64String(record.Data.ToArray()), record.PartitionKey, record.SequenceNumber,
                record.EncryptionType)));
        Assert.All(answer.Records, record => Assert.Equal(
            (s_time, DateTimeKind.Utc),
            (record.ApproximateArrivalTimestamp!.Value, record.ApproximateArrivalTimestamp.Value.Kind)));
    }

    [Fact]
    public async Task An_iterator_is_answered()
    {
        using var script = new KinesisScript("""{"ShardIterator":"AAAA"}""");
        Assert.Equal("AAAA", (await script.Client.GetShardIteratorAsync(new())).ShardIterator);
    }

    [Fact]
    public async Task Shards_are_listed_with_their_parents_and_ranges()
    {
        using var script = new KinesisScript("""
            {"NextToken":"t","Shards":[{"ShardId":"c","ParentShardId":"a","AdjacentParentShardId":"b",
              "HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"9"},
              "SequenceNumberRange":{"StartingSequenceNumber":"49","EndingSequenceNumber":"50"}},{"ShardId":"d"}]}
            """);
        var answer = await script.Client.ListShardsAsync(new());
        Assert.Equal("t", answer.NextToken);
        var merged = answer.Shards[0];
        Assert.Equal(("c", "a", "b"), (merged.ShardId, merged.ParentShardId, merged.AdjacentParentShardId));
        Assert.Equal(("0", "9"), (merged.HashKeyRange.StartingHashKey, merged.HashKeyRange.EndingHashKey));
        Assert.Equal(
            ("49", "50"),
            (merged.SequenceNumberRange.StartingSequenceNumber, merged.SequenceNumberRange.EndingSequenceNumber));
        Assert.Null(answer.Shards[1].ParentShardId);
        Assert.Null(answer.Shards[1].HashKeyRange);
    }

    [Fact]
    public async Task A_stream_is_described()
    {
        using var script = new KinesisScript("""
            {"StreamDescriptionSummary":{"ConsumerCount":2,"EncryptionType":"KMS","EnhancedMonitoring":[
              {"ShardLevelMetrics":["IncomingBytes"]}],"KeyId":"alias/aws/kinesis","OpenShardCount":3,
              "RetentionPeriodHours":24,"StreamARN":"arn","StreamCreationTimestamp":1545084650.987,
              "StreamModeDetails":{"StreamMode":"ON_DEMAND"},"StreamName":"s","StreamStatus":"UPDATING"}}
            """);
        var stream = (await script.Client.DescribeStreamSummaryAsync(new())).StreamDescriptionSummary;
        Assert.Equal(
            ("s", "arn", StreamStatus.UPDATING, s_time, 24, 3, 2),
            (stream.StreamName, stream.StreamARN, stream.StreamStatus, stream.StreamCreationTimestamp,
                stream.RetentionPeriodHours, stream.OpenShardCount, stream.ConsumerCount));
        Assert.Equal(
            (EncryptionType.KMS, "alias/aws/kinesis", StreamMode.ON_DEMAND, "IncomingBytes"),
            (stream.EncryptionType, stream.KeyId, stream.StreamModeDetails.StreamMode,
                stream.EnhancedMonitoring.Single().ShardLevelMetrics.Single()));
    }

    [Fact]
    public async Task Consumers_and_a_scaling_are_answered()
    {
        const string members = """
            "ConsumerName":"c","ConsumerARN":"arn/c","ConsumerStatus":"CREATING",
            "ConsumerCreationTimestamp":1545084650.987
            """;
        using var registering = new KinesisScript($$$"""{"Consumer":{{{{members}}}}}""");
        var registered = (await registering.Client.RegisterStreamConsumerAsync(new())).Consumer;
        Assert.Equal(
            ("c", "arn/c", ConsumerStatus.CREATING, s_time),
            (registered.ConsumerName, registered.ConsumerARN, registered.ConsumerStatus,
                registered.ConsumerCreationTimestamp));

        using var describing = new KinesisScript($$$"""{"ConsumerDescription":{{{{members}}},"StreamARN":"arn"}}""");
        var described = (await describing.Client.DescribeStreamConsumerAsync(new())).ConsumerDescription;
        Assert.Equal(
            ("c", "arn/c", ConsumerStatus.CREATING, s_time, "arn"),
            (described.ConsumerName, described.ConsumerARN, described.ConsumerStatus,
                described.ConsumerCreationTimestamp, described.StreamARN));

        using var scaling = new KinesisScript(
            """{"CurrentShardCount":2,"StreamARN":"arn","StreamName":"s","TargetShardCount":4}""");
        var scaled = await scaling.Client.UpdateShardCountAsync(new());
        Assert.Equal(
            ("s", "arn", 2, 4),
            (scaled.StreamName, scaled.StreamARN, scaled.CurrentShardCount, scaled.TargetShardCount));
    }

    [Fact]
    public async Task What_an_answer_does_not_hold_is_null_also_a_list()
    {
        using var script = new KinesisScript("""{"Records":null}""");
        Assert.Null((await script.Client.PutRecordsAsync(new())).Records);
        var read = await script.Client.GetRecordsAsync(new());
        Assert.Null(read.Records);
        Assert.Null(read.ChildShards);
        Assert.Null(read.MillisBehindLatest);
    }

    [Fact]
    public async Task An_operation_that_answers_nothing_needs_no_body()
    {
        using var script = new KinesisScript("");
        Assert.Equal(HttpStatusCode.OK, (await script.Client.SplitShardAsync(new())).HttpStatusCode);
    }

    [Fact]
    public async Task An_answer_is_read_whether_its_length_is_known_or_not()
    {
        var records = string.Join(',', Enumerable.Repeat("""{"SequenceNumber":"49","ShardId":"shard"}""", 500));
        var bytes = Encoding.UTF8.GetBytes($$"""{"Records":[{{records}}]}""");
        using var script = new KinesisScript(request =>
        {
            var answer = KinesisScript.Json("");
            answer.Content = request == 0 ? new ByteArrayContent(bytes) : new StreamContent(new Trickle(bytes));
            return answer;
        });
        Assert.Equal(500, (await script.Client.PutRecordsAsync(new())).Records.Count);
        Assert.Equal(500, (await script.Client.PutRecordsAsync(new())).Records.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html/>")]
    [InlineData("""{"Records":[{"SequenceNumber":"49"}""")]
    [InlineData("""{"Records":{}}""")]
    [InlineData("""{"Records":[1]}""")]
    [InlineData("""{"FailedRecordCount":"one"}""")]
    public async Task An_answer_that_cannot_be_read_is_an_error_of_the_service(string body)
    {
        using var script = new KinesisScript(body);
        await Assert.ThrowsAsync<AmazonUnmarshallingException>(() => script.Client.PutRecordsAsync(new()));
    }

    /// <summary>Gives a few bytes at a time and does not say how many there are.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, 77));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 77)]);
    }
}
