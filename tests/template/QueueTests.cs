using System.Text.Json.Nodes;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Template;

/// <summary>Queues and their mappings: what is read, and what is refused with which words.</summary>
public sealed class QueueTests
{
    private const string Jobs = "Jobs.Properties";
    private const string Mapping = "JobsMapping.Properties";
    private const string OnlyStreams = "nothing, since only the mapping of a stream has it";

    /// <summary>A place of the sample, what to put there (null removes it), what was found, what is honoured.</summary>
    public static TheoryData<string, string?, string, string> Values => new()
    {
        { $"{Jobs}.VisibilityTimeout", "43201", "43201", "whole numbers from 0 to 43200" },
        { $"{Jobs}.DelaySeconds", "901", "901", "whole numbers from 0 to 900" },
        { $"{Jobs}.MessageRetentionPeriod", "59", "59", "whole numbers from 60 to 1209600" },
        { $"{Jobs}.MessageRetentionPeriod", "1209601", "1209601", "whole numbers from 60 to 1209600" },
        { $"{Jobs}.MaximumMessageSize", "1023", "1023", "whole numbers from 1024 to 1048576" },
        { $"{Jobs}.MaximumMessageSize", "1048577", "1048577", "whole numbers from 1024 to 1048576" },
        { $"{Jobs}.ReceiveMessageWaitTimeSeconds", "21", "21", "whole numbers from 0 to 20" },
        { $"{Jobs}.QueueName", "\"a.b\"", "'a.b'", "1 to 80 of a-z, A-Z, 0-9, '-', '_'" },
        { $"{Jobs}.FifoQueue", "true", "true", "nothing, since only standard queues are run here" },
        { $"{Jobs}.RedrivePolicy", "\"{}\"", "'{}'", "an object" },
        { $"{Jobs}.RedrivePolicy.maxReceiveCount", "0", "0", "whole numbers from 1 to 1000" },
        { $"{Jobs}.RedrivePolicy.maxReceiveCount", "1001", "1001", "whole numbers from 1 to 1000" },
        { $"{Jobs}.RedrivePolicy.maxReceiveCount", null, "nothing", "whole numbers from 1 to 1000" },
        { $"{Jobs}.RedrivePolicy.deadLetterTargetArn", null, "nothing", "the ARN of a queue" },
        {
            $"{Jobs}.RedrivePolicy.deadLetterTargetArn",
            "\"arn:aws:sqs:us-east-1:123456789012:Other\"",
            "'arn:aws:sqs:us-east-1:123456789012:Other'",
            "ARNs of the AWS::SQS::Queue resources of this template (Dead, Jobs)"
        },
        {
            $"{Jobs}.RedrivePolicy.deadLetterTargetArn",
            "\"arn:aws:sqs:us-east-1:123456789012:Jobs\"",
            "the queue itself",
            "another queue"
        },
        {
            $"{Jobs}.ContentBasedDeduplication", "true", "a property that the engine does not know",
            "DelaySeconds, KmsDataKeyReusePeriodSeconds, KmsMasterKeyId, MaximumMessageSize, MessageRetentionPeriod, "
                + "QueueName, ReceiveMessageWaitTimeSeconds, RedriveAllowPolicy, RedrivePolicy, SqsManagedSseEnabled, "
                + "Tags, VisibilityTimeout"
        },
        {
            $"{Jobs}.VisibilityTimeout",
            "59",
            "Jobs with a VisibilityTimeout of 59",
            "queues with one of at least 60, the Timeout of Enrich"
        },
        { $"{Mapping}.BatchSize", "10001", "10001", "whole numbers from 1 to 10000" },
        { $"{Mapping}.MaximumBatchingWindowInSeconds", "301", "301", "whole numbers from 0 to 300" },
        { $"{Mapping}.MaximumBatchingWindowInSeconds", "0", "0", "1 to 300 with a BatchSize over 10" },
        { $"{Mapping}.MaximumBatchingWindowInSeconds", null, "nothing", "1 to 300 with a BatchSize over 10" },
        { $"{Mapping}.ScalingConfig.MaximumConcurrency", "1", "1", "whole numbers from 2 to 1000" },
        { $"{Mapping}.ScalingConfig.MaximumConcurrency", "1001", "1001", "whole numbers from 2 to 1000" },
        { $"{Mapping}.FunctionResponseTypes.0", "\"Other\"", "'Other'", "ReportBatchItemFailures" },
        {
            $"{Mapping}.FilterCriteria", "{}", "an object",
            "nothing, since messages are not filtered before the function here"
        },
        {
            $"{Mapping}.ProvisionedPollerConfig", "{}", "an object",
            "nothing, since only on-demand polling is run here"
        },
        {
            $"{Mapping}.DestinationConfig", "{}", "an object",
            "nothing, since the queue's RedrivePolicy says where messages go that fail"
        },
        { $"{Mapping}.StartingPosition", "\"LATEST\"", "'LATEST'", OnlyStreams },
        { $"{Mapping}.StartingPositionTimestamp", "1", "1", OnlyStreams },
        { $"{Mapping}.MaximumRetryAttempts", "3", "3", OnlyStreams },
        { $"{Mapping}.MaximumRecordAgeInSeconds", "60", "60", OnlyStreams },
        { $"{Mapping}.BisectBatchOnFunctionError", "true", "true", OnlyStreams },
        { $"{Mapping}.ParallelizationFactor", "1", "1", OnlyStreams },
        { $"{Mapping}.TumblingWindowInSeconds", "1", "1", OnlyStreams },
        {
            $"{Mapping}.EventSourceArn",
            "\"arn:aws:sqs:us-east-1:123456789012:Other\"",
            "'arn:aws:sqs:us-east-1:123456789012:Other'",
            "ARNs of the AWS::SQS::Queue resources of this template (Dead, Jobs)"
        },
    };

    [Theory]
    [MemberData(nameof(Values))]
    [Trait("Rule", "queues.fifo")]
    [Trait("Rule", "queues.settings")]
    [Trait("Rule", "queue-mapping.settings")]
    [Trait("Rule", "queue-mapping.visibility-least")]
    [Trait("Rule", "queue-mapping.filter-criteria")]
    [Trait("Rule", "queue-mapping.provisioned")]
    public void A_value_that_is_not_honoured_is_refused_where_it_stands(
        string path, string? json, string found, string honoured)
    {
        var place = path.EndsWith(".0", StringComparison.Ordinal) ? path[..^2] + "[0]" : path;
        place = found.StartsWith("Jobs with", StringComparison.Ordinal) ? $"{Mapping}.EventSourceArn" : place;

        Assert.Equal([$"{place}: found {found}; honoured: {honoured}."], Sample().Set(path, json).Problems());
    }

    [Fact]
    [Trait("Rule", "queues.settings")]
    public void A_queue_is_read_with_every_setting() => Assert.Equal(
        new QueueModel(
            "Jobs", "Jobs", "arn:aws:sqs:us-east-1:123456789012:Jobs",
            "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs", TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(5),
            TimeSpan.FromDays(14), 262_144, new RedriveModel("Dead", 5)),
        Sample().Load().Queues.Single(queue => queue.LogicalId == "Jobs"));

    [Fact]
    [Trait("Rule", "queues.settings")]
    public void A_queue_has_the_defaults_of_the_service() => Assert.Equal(
        new QueueModel(
            "Dead", "dead-jobs", "arn:aws:sqs:us-east-1:123456789012:dead-jobs",
            "https://sqs.us-east-1.amazonaws.com/123456789012/dead-jobs", TimeSpan.FromSeconds(30), TimeSpan.Zero,
            TimeSpan.FromDays(4), 1_048_576, Redrive: null),
        Sample().Load().Queues.Single(queue => queue.LogicalId == "Dead"));

    [Fact]
    [Trait("Rule", "queue-mapping.settings")]
    public void A_mapping_is_read_with_every_setting()
    {
        var stack = Sample().Load();
        Assert.Equal(
            new QueueMappingModel(
                "JobsMapping", stack.Functions[0], stack.Queues.Single(queue => queue.LogicalId == "Jobs"),
                Enabled: true, BatchSize: 100, TimeSpan.FromSeconds(5), MaximumConcurrency: 7,
                ReportBatchItemFailures: true),
            Assert.Single(stack.QueueMappings));
    }

    [Fact]
    [Trait("Rule", "queue-mapping.settings")]
    public void A_mapping_has_the_defaults_of_the_service()
    {
        var mapping = Sample().Set(Mapping, """
            { "EventSourceArn": { "Fn::GetAtt": [ "Jobs", "Arn" ] }, "FunctionName": { "Ref": "Enrich" } }
            """).Load().QueueMappings[0];
        Assert.Equal(
            (true, 10, TimeSpan.Zero, null, false),
            (mapping.Enabled, mapping.BatchSize, mapping.BatchingWindow, mapping.MaximumConcurrency,
                mapping.ReportBatchItemFailures));
    }

    [Theory]
    [InlineData("""{ "Ref": "Jobs" }""", "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs")]
    [InlineData("""{ "Fn::GetAtt": [ "Jobs", "Arn" ] }""", "arn:aws:sqs:us-east-1:123456789012:Jobs")]
    [InlineData("""{ "Fn::GetAtt": [ "Dead", "QueueName" ] }""", "dead-jobs")]
    [InlineData("""{ "Fn::GetAtt": "Dead.QueueUrl" }""", "https://sqs.us-east-1.amazonaws.com/123456789012/dead-jobs")]
    public void References_to_a_queue_answer_as_the_service_does(string json, string expected) => Assert.Equal(
        expected,
        Sample().Set("Enrich.Properties.Environment.Variables.QUEUE", json).Load().Functions[0].Environment["QUEUE"]);

    [Fact]
    public void A_queue_that_is_its_own_dead_letter_queue_by_reference_is_refused_too() => Assert.Contains(
        Sample().Set($"{Jobs}.RedrivePolicy.deadLetterTargetArn", """{ "Fn::GetAtt": [ "Jobs", "Arn" ] }""").Problems(),
        problem => problem.Contains("found the queue itself; honoured: another queue", StringComparison.Ordinal));

    [Fact]
    public void Two_queues_may_be_each_other_s_dead_letter_queue()
    {
        var stack = Sample().Set("Dead.Properties.RedrivePolicy", """
            { "deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:Jobs", "maxReceiveCount": 2 }
            """).Load();
        Assert.Equal(["Dead", "Jobs"], stack.Queues.Select(queue => queue.Redrive!.DeadLetterQueue).Order());
    }

    [Fact]
    public void A_disabled_function_has_the_mappings_of_its_queues_off() => Assert.False(
        Assert.Single(Sample().Load(new TemplateOptions { Disable = ["Enrich"] }).QueueMappings).Enabled);

    [Fact]
    public void A_mapping_that_the_template_switches_off_is_off() =>
        Assert.False(Sample().Set($"{Mapping}.Enabled", "false").Load().QueueMappings[0].Enabled);

    [Fact]
    public void A_queue_s_policy_is_left_out_with_a_warning() => Assert.Contains(
        "pipeline.json: AWS::SQS::QueuePolicy (1) left out: permissions are not enforced here.",
        Sample().Load().Warnings);

    private static JsonObject Sample()
    {
        var template = Templates.Sample();
        foreach (var (id, resource) in JsonNode.Parse(Resources)!.AsObject())
        {
            template["Resources"]![id] = resource!.DeepClone();
        }
        return template;
    }

    private const string Resources = """
        {
          "Dead": { "Type": "AWS::SQS::Queue", "Properties": {
            "QueueName": "dead-jobs", "SqsManagedSseEnabled": true,
            "RedriveAllowPolicy": { "redrivePermission": "allowAll" } } },
          "Jobs": { "Type": "AWS::SQS::Queue", "Properties": {
            "DelaySeconds": 5, "KmsMasterKeyId": "alias/aws/sqs", "MaximumMessageSize": 262144,
            "MessageRetentionPeriod": 1209600, "ReceiveMessageWaitTimeSeconds": 20, "VisibilityTimeout": 360,
            "RedrivePolicy": {
              "deadLetterTargetArn": { "Fn::GetAtt": [ "Dead", "Arn" ] }, "maxReceiveCount": 5 } } },
          "JobsPolicy": { "Type": "AWS::SQS::QueuePolicy", "Properties": { "Queues": [ { "Ref": "Jobs" } ] } },
          "JobsMapping": { "Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "BatchSize": 100, "Enabled": true, "EventSourceArn": { "Fn::GetAtt": [ "Jobs", "Arn" ] },
            "FunctionName": { "Ref": "Enrich" }, "FunctionResponseTypes": [ "ReportBatchItemFailures" ],
            "MaximumBatchingWindowInSeconds": 5, "ScalingConfig": { "MaximumConcurrency": 7 } } }
        }
        """;
}
