using System.Text;
using System.Text.Json.Nodes;
using Amazon.Kinesis;
using Amazon.Kinesis.Model;
using Amazon.Runtime;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>Requests to Kinesis are written, and its answers read, as the API model has them.</summary>
public sealed class KinesisClientTests
{
    private static readonly DateTime s_time = new(2018, 12, 17, 22, 10, 50, 987, DateTimeKind.Utc);

    /// <summary>Each operation: a request with every member set, and its body.</summary>
    public static TheoryData<string, Func<IAmazonKinesis, Task<AmazonWebServiceResponse>>, string> Operations => new()
    {
        {
            "CreateStream", Call(kinesis => kinesis.CreateStreamAsync(new()
            {
                StreamName = "s",
                ShardCount = 3,
                StreamModeDetails = new() { StreamMode = StreamMode.PROVISIONED },
                Tags = new() { ["team"] = "é" },
            })),
            """
            {"StreamName":"s","ShardCount":3,"StreamModeDetails":{"StreamMode":"PROVISIONED"},"Tags":{"team":"é"}}
            """
        },
        {
            "DeleteStream", Call(kinesis => kinesis.DeleteStreamAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                EnforceConsumerDeletion = true,
            })),
            """{"StreamName":"s","StreamARN":"arn","EnforceConsumerDeletion":true}"""
        },
        {
            "DescribeStreamConsumer", Call(kinesis => kinesis.DescribeStreamConsumerAsync(new()
            {
                StreamARN = "arn",
                ConsumerName = "c",
                ConsumerARN = "arn/c",
            })),
            """{"StreamARN":"arn","ConsumerName":"c","ConsumerARN":"arn/c"}"""
        },
        {
            "DescribeStreamSummary", Call(kinesis => kinesis.DescribeStreamSummaryAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
            })),
            """{"StreamName":"s","StreamARN":"arn"}"""
        },
        {
            "GetRecords", Call(kinesis => kinesis.GetRecordsAsync(new()
            {
                ShardIterator = "it\"er",
                Limit = 10,
                StreamARN = "arn",
            })),
            """{"StreamARN":"arn","ShardIterator":"it\"er","Limit":10}"""
        },
        {
            "GetShardIterator", Call(kinesis => kinesis.GetShardIteratorAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                ShardId = "shard",
                ShardIteratorType = ShardIteratorType.AT_TIMESTAMP,
                StartingSequenceNumber = "49",
                Timestamp = s_time,
            })),
            """
            {"StreamName":"s","StreamARN":"arn","ShardId":"shard","ShardIteratorType":"AT_TIMESTAMP",
             "StartingSequenceNumber":"49","Timestamp":1545084650.987}
            """
        },
        {
            "ListShards", Call(kinesis => kinesis.ListShardsAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                NextToken = "t",
                ExclusiveStartShardId = "x",
                MaxResults = 1,
                StreamCreationTimestamp = s_time.AddMilliseconds(-987),
                ShardFilter = new() { Type = "AT_SOME_NEW_PLACE", ShardId = "y", Timestamp = s_time },
            })),
            """
            {"StreamName":"s","StreamARN":"arn","NextToken":"t","ExclusiveStartShardId":"x","MaxResults":1,
             "StreamCreationTimestamp":1545084650,
             "ShardFilter":{"Type":"AT_SOME_NEW_PLACE","ShardId":"y","Timestamp":1545084650.987}}
            """
        },
        {
            "MergeShards", Call(kinesis => kinesis.MergeShardsAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                ShardToMerge = "a",
                AdjacentShardToMerge = "b",
            })),
            """{"StreamName":"s","StreamARN":"arn","ShardToMerge":"a","AdjacentShardToMerge":"b"}"""
        },
        {
            "PutRecord", Call(kinesis => kinesis.PutRecordAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                Data = new([1, 0, 255]),
                PartitionKey = "k",
                ExplicitHashKey = "0",
                SequenceNumberForOrdering = "49",
            })),
            """
            {"StreamName":"s","StreamARN":"arn","Data":"AQD/","PartitionKey":"k","ExplicitHashKey":"0",
             "SequenceNumberForOrdering":"49"}
            """
        },
        {
            "PutRecords", Call(kinesis => kinesis.PutRecordsAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                Records =
                [
                    new() { Data = new([1, 0, 255]), PartitionKey = "é\u0001", ExplicitHashKey = "0" },
                    new() { Data = new([]), PartitionKey = "k" },
                ],
            })),
            """
            {"StreamName":"s","StreamARN":"arn","Records":[
              {"Data":"AQD/","PartitionKey":"é\u0001","ExplicitHashKey":"0"},{"Data":"","PartitionKey":"k"}]}
            """
        },
        {
            "RegisterStreamConsumer", Call(kinesis => kinesis.RegisterStreamConsumerAsync(new()
            {
                StreamARN = "arn",
                ConsumerName = "c",
            })),
            """{"StreamARN":"arn","ConsumerName":"c"}"""
        },
        {
            "SplitShard", Call(kinesis => kinesis.SplitShardAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                ShardToSplit = "a",
                NewStartingHashKey = "7",
            })),
            """{"StreamName":"s","StreamARN":"arn","ShardToSplit":"a","NewStartingHashKey":"7"}"""
        },
        {
            "UpdateShardCount", Call(kinesis => kinesis.UpdateShardCountAsync(new()
            {
                StreamName = "s",
                StreamARN = "arn",
                TargetShardCount = 4,
                ScalingType = ScalingType.UNIFORM_SCALING,
            })),
            """{"StreamName":"s","StreamARN":"arn","TargetShardCount":4,"ScalingType":"UNIFORM_SCALING"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_request_is_sent_under_its_operation_with_every_member_that_is_set(
        string operation, Func<IAmazonKinesis, Task<AmazonWebServiceResponse>> call, string body)
    {
        using var script = new KinesisScript("{}");
        var answer = await call(script.Client);
        Assert.Equal("request-1", answer.ResponseMetadata.RequestId);
        var message = Assert.Single(script.Messages);
        Assert.Equal("https://kinesis.eu-central-1.amazonaws.com/", message.RequestUri!.ToString());
        Assert.Equal(HttpMethod.Post, message.Method);
        Assert.Equal([$"Kinesis_20131202.{operation}"], message.Headers.GetValues("X-Amz-Target"));
        Assert.Equal("application/x-amz-json-1.1", message.Content!.Headers.ContentType!.ToString());
        var sent = Assert.Single(script.Bodies);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(sent)), sent);
    }

    [Fact]
    public async Task A_request_is_signed_with_version_4_for_the_region()
    {
        using var script = new KinesisScript("{}");
        await script.Client.DescribeStreamSummaryAsync(new() { StreamName = "s" });
        var headers = Assert.Single(script.Messages).Headers;
        var signature = Assert.Single(headers.GetValues("Authorization"));
        Assert.StartsWith("AWS4-HMAC-SHA256 Credential=key/", signature, StringComparison.Ordinal);
        Assert.Contains("/eu-central-1/kinesis/aws4_request,", signature, StringComparison.Ordinal);
        Assert.Contains("x-amz-target", signature, StringComparison.Ordinal);
        Assert.Single(headers.GetValues("X-Amz-Date"));
        Assert.Contains("Kinesis#4.0.0-bundled", string.Join(' ', headers.GetValues("User-Agent")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_set_is_not_sent_and_an_empty_list_is()
    {
        using var script = new KinesisScript("{}");
        await script.Client.PutRecordsAsync(new() { StreamName = "s", Records = [] });
        await script.Client.ListShardsAsync(new());
        Assert.Equal(["""{"StreamName":"s","Records":[]}""", "{}"], script.Bodies);
    }

    [Fact]
    public async Task A_blob_is_sent_whole_wherever_its_stream_stands_and_whether_its_buffer_may_be_had_or_not()
    {
        using var script = new KinesisScript("{}");
        var bytes = Encoding.UTF8.GetBytes("0123456789");
        foreach (var visible in new[] { true, false })
        {
            var part = new MemoryStream(bytes, 3, 5, writable: false, publiclyVisible: visible) { Position = 2 };
            await script.Client.PutRecordAsync(new() { Data = part });
        }
        Assert.All(script.Bodies, body => Assert.Equal("""{"Data":"MzQ1Njc="}""", body));
    }

    [Fact]
    public async Task A_body_of_any_size_is_written()
    {
        using var script = new KinesisScript("{}");
        var data = new byte[1024 * 1024 - 300];
        new Random(1).NextBytes(data);
        var key = new string('é', 256);
        await script.Client.PutRecordsAsync(new()
        {
            Records = [.. Enumerable.Range(0, 9).Select(_ => new PutRecordsRequestEntry
            {
                Data = new MemoryStream(data, 0, data.Length, false, true),
                PartitionKey = key,
            })],
        });
        var sent = JsonNode.Parse(script.Bodies[0])!["Records"]!.AsArray();
        Assert.Equal(9, sent.Count);
        Assert.All(sent, record => Assert.Equal(
            (key, true), ((string)record!["PartitionKey"]!, data.AsSpan().SequenceEqual(
                Convert.FromBase64String((string)record["Data"]!)))));
    }

    private static Func<IAmazonKinesis, Task<AmazonWebServiceResponse>> Call<T>(Func<IAmazonKinesis, Task<T>> call)
        where T : AmazonWebServiceResponse => async kinesis => await call(kinesis);
}
