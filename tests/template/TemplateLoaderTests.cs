using System.Text;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Template;

public sealed class TemplateLoaderTests
{
    private readonly StackModel _stack = Templates.Sample().Load();

    [Fact]
    [Trait("Rule", "streams.retention-range")]
    public void Streams_are_read_with_their_defaults() => Assert.Equal(
        [
            new StreamModel("Raw", "Raw", "arn:aws:kinesis:us-east-1:123456789012:stream/Raw", 2, TimeSpan.FromDays(7)),
            new StreamModel(
                "Enriched", "Enriched", "arn:aws:kinesis:us-east-1:123456789012:stream/Enriched", 2,
                TimeSpan.FromDays(1)),
        ],
        _stack.Streams);

    [Fact]
    public void A_bucket_without_a_name_takes_its_logical_id_in_lower_case() =>
        Assert.Equal([new BucketModel("Data", "data", "arn:aws:s3:::data")], _stack.Buckets);

    [Fact]
    public void A_function_is_read_with_its_environment()
    {
        var function = Assert.Single(_stack.Functions);

        Assert.Equal("arn:aws:lambda:us-east-1:123456789012:function:Enrich", function.Arn);
        Assert.Equal(("Enrich", "Enrich", "Enrich"), (function.LogicalId, function.Name, function.Function));
        Assert.Equal((TimeSpan.FromMinutes(1), 512), (function.Timeout, function.MemoryMebibytes));
        Assert.Null(function.ReservedConcurrency);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["BUCKET"] = "data",
                ["OUTPUT_STREAM"] = "Enriched",
                ["PIPELINE_FUNCTION"] = "Enrich",
                ["SLOTS"] = "128",
            },
            function.Environment);
    }

    [Fact]
    public void A_function_has_the_defaults_of_the_service()
    {
        var function = Templates.With("Enrich.Properties", """{ "Handler": "Route" }""").Load().Functions[0];

        Assert.Equal(
            ("Route", TimeSpan.FromSeconds(3), 128),
            (function.Function, function.Timeout, function.MemoryMebibytes));
        Assert.Empty(function.Environment);
    }

    [Fact]
    [Trait("Rule", "mapping.settings")]
    public void A_mapping_is_read_with_every_setting() => Assert.Equal(
        new KinesisMappingModel(
            "EnrichMapping", Account.Uuid("EnrichMapping"), _stack.Functions[0], _stack.Streams[0],
            Consumer: null, Enabled: true,
            StartingPosition.TrimHorizon, BatchSize: 200, TimeSpan.FromSeconds(1), MaximumRetryAttempts: 1000,
            TimeSpan.FromHours(166), BisectOnError: true, ReportBatchItemFailures: true, _stack.Buckets[0]),
        Assert.Single(_stack.KinesisMappings));

    [Fact]
    [Trait("Rule", "mapping.settings")]
    public void A_mapping_has_the_defaults_of_the_service()
    {
        var mapping = Assert.Single(Templates.With("EnrichMapping.Properties", """
            {
              "EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/Raw",
              "FunctionName": "arn:aws:lambda:us-east-1:123456789012:function:Enrich",
              "StartingPosition": "LATEST"
            }
            """).Load().KinesisMappings);

        Assert.Equal(
            (true, StartingPosition.Latest, 100, TimeSpan.Zero, false, false),
            (mapping.Enabled, mapping.StartingPosition, mapping.BatchSize, mapping.BatchingWindow,
                mapping.BisectOnError, mapping.ReportBatchItemFailures));
        Assert.Null(mapping.MaximumRetryAttempts);
        Assert.Null(mapping.MaximumRecordAge);
        Assert.Null(mapping.OnFailure);
    }

    [Fact]
    [Trait("Rule", "mapping.settings")]
    public void Minus_one_means_no_limit_to_attempts_and_age()
    {
        var mapping = Templates.With("EnrichMapping.Properties.MaximumRetryAttempts", "-1")
            .Set("EnrichMapping.Properties.MaximumRecordAgeInSeconds", "-1").Load().KinesisMappings[0];

        Assert.Null(mapping.MaximumRetryAttempts);
        Assert.Null(mapping.MaximumRecordAge);
    }

    [Fact]
    public void A_delivery_stream_is_read_with_its_partitioning() => Assert.Equal(
        new DeliveryStreamModel(
            "Archive", "Archive", "arn:aws:firehose:us-east-1:123456789012:deliverystream/Archive", _stack.Streams[1],
            _stack.Buckets[0], "archive/date=!{partitionKeyFromQuery:eventdate}/",
            "archive-errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/", 64 * 1024 * 1024,
            TimeSpan.FromMinutes(1), "eventdate", AppendDelimiter: true),
        Assert.Single(_stack.DeliveryStreams));

    [Fact]
    public void A_delivery_stream_without_the_processor_appends_no_delimiter() => Assert.False(
        Templates.With(RefusalTests.Processors + ".1", null).Load().DeliveryStreams[0].AppendDelimiter);

    [Fact]
    public void Physical_names_replace_logical_ids_everywhere()
    {
        var stack = Templates.With("Raw.Properties.Name", """{ "Fn::Sub": "raw-${Stage}" }""")
            .Set("Enrich.Properties.FunctionName", "\"enrich\"").Load();

        Assert.Equal("raw-test", stack.Streams[0].Name);
        Assert.Equal("arn:aws:kinesis:us-east-1:123456789012:stream/raw-test", stack.KinesisMappings[0].Stream.Arn);
        Assert.Equal("enrich", stack.KinesisMappings[0].Function.Name);
    }

    [Fact]
    public void A_resource_whose_condition_is_false_does_not_exist()
    {
        Assert.DoesNotContain(_stack.Streams, stream => stream.LogicalId == "OnlyLive");
        Assert.Equal(9, Templates.With("/Parameters.Stage.Default", "\"live\"").Load()
            .Streams.Single(stream => stream.LogicalId == "OnlyLive").ShardCount);
    }

    [Fact]
    public void What_is_left_out_is_one_warning_per_type() => Assert.Equal(
        [
            "pipeline.json: AWS::IAM::Policy (1) left out: permissions are not enforced here.",
            "pipeline.json: AWS::IAM::Role (2) left out: permissions are not enforced here.",
            "pipeline.json: AWS::Logs::LogGroup (1) left out: the run itself reads what functions write.",
            "pipeline.json: AWS::S3::BucketPolicy (1) left out: permissions are not enforced here.",
        ],
        _stack.Warnings);

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(
        [
            "Raw.Properties.ShardCount: found 0; honoured: whole numbers from 1 to 10000.",
            "Enrich.Properties.Timeout: found 901; honoured: whole numbers from 1 to 900.",
            "Archive.Properties.DeliveryStreamType: found 'DirectPut'; honoured: KinesisStreamAsSource.",
        ],
        Templates.With("Raw.Properties.ShardCount", "0").Set("Enrich.Properties.Timeout", "901")
            .Set("Archive.Properties.DeliveryStreamType", "\"DirectPut\"").Problems());

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text() =>
        Assert.Equal(2, Templates.Load('\uFEFF' + Templates.Sample().ToJsonString()).Streams.Count);

    [Theory]
    [InlineData("", "line 1, column 1: not a JSON template: ")]
    [InlineData("{\n  \"Resources\": {},\n  oops\n}", "line 3, column 3: not a JSON template: 'o' is an invalid start")]
    [InlineData("{ \"Resources\": {} } {}", "line 1, column 21: not a JSON template: ")]
    [InlineData("{ \"Resources\": { \"A\": 1, \"A\": 2 } }", "not a JSON template: Duplicate property 'A'")]
    [InlineData(
        "{ \"Resources\": { \"\\ud800\": {} } }",
        "the template: found the name of a member that is not Unicode")]
    [InlineData("{ \"Description\": \"\\ud800\" }", "the template.Description: found a string that is not Unicode")]
    [InlineData("[]", "the template: found JSON of kind Array; honoured: an object.")]
    [InlineData("{}", "the template: found no section 'Resources'; honoured: an object of resources.")]
    [InlineData("{ \"Resources\": [] }", "Resources: found JSON of kind Array; honoured: an object.")]
    [InlineData("{ \"Resources\": { \"A\": 1 } }", "A: found JSON of kind Number; honoured: an object.")]
    [InlineData("{ \"Resources\": {}, \"Transform\": \"x\" }", "the template: found a section 'Transform'; honoured: ")]
    public void What_is_no_template_is_refused_with_its_place(string json, string problem)
    {
        var refused = Assert.Throws<TemplateException>(() => Templates.Load(json));

        Assert.Contains($"pipeline.json: {problem}", Assert.Single(refused.Problems), StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
    {
        byte[] json = [.. Encoding.UTF8.GetBytes("{ \"Resources\": {}, \"Description\": \""), 0xFF, .. "\" }"u8];

        var refused = Assert.Throws<TemplateException>(
            () => TemplateLoader.Load(json, Templates.File, TemplateOptions.None));

        Assert.Single(refused.Problems);
    }

    [Fact]
    public void More_resources_than_a_stack_takes_are_refused()
    {
        var resources = string.Join(
            ',', Enumerable.Range(0, 501).Select(index => $$"""  "R{{index}}": { "Type": "AWS::IAM::Role" }  """));

        var refused = Assert.Throws<TemplateException>(() => Templates.Load($"{{ \"Resources\": {{ {resources} }} }}"));

        Assert.Equal("pipeline.json: Resources: found 501 resources; honoured: at most 500.", refused.Message);
    }
}
