using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What a mapping gives up becomes an object in the bucket, as AWS writes it.</summary>
public sealed partial class FailureDestinationTests
{
    [Fact]
    [Trait("Rule", "mapping.destination-document")]
    [Trait("Rule", "mapping.destination-s3")]
    public void A_batch_whose_retries_are_used_up_becomes_one_object_with_the_documented_members()
    {
        using var bed = new Bed(
            _ => throw new InvalidOperationException("broken"),
            new BedOptions { Mapping = "\"MaximumRetryAttempts\": 2" });
        bed.Put("a");
        bed.At(0.5, () => bed.Put("b"));
        bed.At(0.75, () => bed.Put("c"));
        bed.Run();

        var (key, text) = bed.Objects("aws/lambda/").Last();
        var uuid = bed.Engine.Mappings[0].Model.Uuid;
        Assert.Matches(
            $@"\Aaws/lambda/{uuid}/shardId-000000000000/2026/03/01/"
            + @"2026-03-01T12\.00\.\d\d-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z",
            key);
        var last = bed.Invocations[^1];
        var document = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            ["requestContext", "responseContext", "version", "timestamp", "KinesisBatchInfo", "payload"],
            Names(document));
        var request = document.GetProperty("requestContext");
        Assert.Equal(["requestId", "functionArn", "condition", "approximateInvokeCount"], Names(request));
        Assert.Equal(last.Context.AwsRequestId, request.GetProperty("requestId").GetString());
        Assert.Equal(last.Context.InvokedFunctionArn, request.GetProperty("functionArn").GetString());
        Assert.Equal("RetryAttemptsExhausted", request.GetProperty("condition").GetString());
        Assert.Equal(3, request.GetProperty("approximateInvokeCount").GetInt32());
        Assert.Equal(
            """{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"}""",
            document.GetProperty("responseContext").GetRawText());
        Assert.Equal("1.0", document.GetProperty("version").GetString());
        Assert.Matches(Timestamp(), document.GetProperty("timestamp").GetString());
        var batch = document.GetProperty("KinesisBatchInfo");
        Assert.Equal(
            ["shardId", "startSequenceNumber", "endSequenceNumber", "approximateArrivalOfFirstRecord",
                "approximateArrivalOfLastRecord", "batchSize", "streamArn"],
            Names(batch));
        Assert.Equal("shardId-000000000000", batch.GetProperty("shardId").GetString());
        Assert.Equal(last.Sequences[0], batch.GetProperty("startSequenceNumber").GetString());
        Assert.Equal(last.Sequences[^1], batch.GetProperty("endSequenceNumber").GetString());
        Assert.Equal("2026-03-01T12:00:00.500Z", batch.GetProperty("approximateArrivalOfFirstRecord").GetString());
        Assert.Equal("2026-03-01T12:00:00.750Z", batch.GetProperty("approximateArrivalOfLastRecord").GetString());
        Assert.Equal(2, batch.GetProperty("batchSize").GetInt32());
        Assert.Equal(bed.Engine.Raw.Arn, batch.GetProperty("streamArn").GetString());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(5, 6)]
    [Trait("Rule", "mapping.retry-attempts")]
    public void N_retries_are_n_and_one_invocations(int retries, int invocations)
    {
        using var bed = Broken($"\"MaximumRetryAttempts\": {retries}");
        bed.Put("a");
        bed.Run();
        Assert.Equal(invocations, bed.Invocations.Count);
        Assert.Equal(
            invocations, Document(bed).GetProperty("requestContext").GetProperty("approximateInvokeCount").GetInt32());
    }

    [Fact]
    [Trait("Rule", "mapping.destination-s3")]
    public void The_payload_is_the_invocation_event_itself_as_a_string()
    {
        using var bed = Broken("\"MaximumRetryAttempts\": 0");
        bed.Put("\u0000\"\\ünï", "ké\"y\\\u0001");
        bed.Put(new byte[] { 0xff, 0xfe, 0x00 });
        bed.Run();
        Assert.Equal(bed.Invocations[0].Payload, Document(bed).GetProperty("payload").GetString());
    }

    [Fact]
    [Trait("Rule", "mapping.destination-document")]
    public void A_failure_that_the_answer_reports_is_no_function_error()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"MaximumRetryAttempts\": 0" }, Bed.Failed(""));
        bed.Put("a");
        bed.Run();
        Assert.Equal(
            """{"statusCode":200,"executedVersion":"$LATEST"}""",
            Document(bed).GetProperty("responseContext").GetRawText());
    }

    [Fact]
    [Trait("Rule", "mapping.record-age")]
    public void Only_the_records_that_are_too_old_are_given_up()
    {
        using var bed = new Bed(
            invocation => invocation.At < TimeSpan.FromSeconds(70)
                ? throw new InvalidOperationException("down")
                : Task.FromResult(Bed.Success),
            new BedOptions { Mapping = "\"MaximumRecordAgeInSeconds\": 60, \"MaximumBatchingWindowInSeconds\": 60" });
        bed.Put("old");
        bed.At(5, () => bed.Put("old too"));
        bed.At(55, () => bed.Put("young"));
        bed.Run();

        Assert.Equal(["young"], bed.Invocations[^1].Data);
        var documents = bed.Objects("aws/lambda/").Values.Select(text => JsonDocument.Parse(text).RootElement).ToList();
        Assert.All(documents, document => Assert.Equal(
            "RecordAgeExceeded", document.GetProperty("requestContext").GetProperty("condition").GetString()));
        Assert.Equal(
            2, documents.Sum(d => d.GetProperty("KinesisBatchInfo").GetProperty("batchSize").GetInt32()));
        Assert.All(documents, document => Assert.DoesNotContain(
            "eW91bmc=", document.GetProperty("payload").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "mapping.record-age")]
    public void A_record_is_too_old_only_beyond_its_age()
    {
        using var bed = new Bed(new BedOptions
        {
            Mapping = "\"MaximumRecordAgeInSeconds\": 60, \"MaximumBatchingWindowInSeconds\": 60",
        });
        bed.Put("just in time");
        bed.Run();
        Assert.Equal(TimeSpan.FromSeconds(60), Assert.Single(bed.Invocations).At);
        Assert.Empty(bed.Objects("aws/lambda/"));
    }

    [Fact]
    [Trait("Rule", "mapping.after-discard")]
    public void After_a_discard_the_shard_moves_on()
    {
        using var bed = new Bed(
            invocation => invocation.Data.Contains("bad")
                ? throw new InvalidOperationException("broken")
                : Task.FromResult(Bed.Success),
            new BedOptions { Mapping = "\"MaximumRetryAttempts\": 1, \"BatchSize\": 1" });
        foreach (var data in new[] { "bad", "good" })
        {
            bed.Put(data);
        }
        bed.Run();
        Assert.Equal(["bad", "bad", "good"], bed.Invocations.SelectMany(invocation => invocation.Data));
    }

    [Fact]
    [Trait("Rule", "mapping.destination-s3")]
    public void Objects_of_the_same_second_have_names_of_their_own()
    {
        using var bed = Broken("\"MaximumRetryAttempts\": 0, \"BatchSize\": 1");
        for (var i = 0; i < 50; i++)
        {
            bed.Put($"{i}");
        }
        bed.Run();
        Assert.Equal(50, bed.Objects("aws/lambda/").Count);
    }

    private static Bed Broken(string mapping) =>
        new(_ => throw new InvalidOperationException("broken"), new BedOptions { Mapping = mapping });

    private static JsonElement Document(Bed bed) =>
        JsonDocument.Parse(Assert.Single(bed.Objects("aws/lambda/")).Value).RootElement;

    private static IEnumerable<string> Names(JsonElement @object) =>
        @object.EnumerateObject().Select(member => member.Name);

    [GeneratedRegex(@"\A2026-03-01T12:00:\d\d\.\d{3}Z\z")]
    private static partial Regex Timestamp();
}
