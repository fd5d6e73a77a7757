using System.Text.Json.Nodes;
using Pipeline.Engine;
using Pipeline.Engine.Mappings;
using Pipeline.Functions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>The books on what mappings give up to a queue, which is only told where in a stream it is.</summary>
public sealed class QueuedLettersTests
{
    private const int Lines = 400;

    private static readonly byte[] s_sample = Run.Sample(Lines);

    [Fact]
    public void What_Validate_s_mapping_gives_up_to_a_queue_is_dead_lettered_and_no_command()
    {
        using var run = Broken("Validate", mapping => mapping["MaximumRetryAttempts"] = 0);
        var summary = run.Play(s_sample);
        Assert.Equal(new AccountingSummary(0, 0, Lines, 0, 0, true), summary.Accounting);
        Assert.Equal((0, 0, true), (
            summary.Commands.Requested, summary.Commands.InFlight, summary.Commands.Balanced));
    }

    [Theory]
    [InlineData("MaximumRetryAttempts", 2, false)]
    [InlineData("MaximumRecordAgeInSeconds", 60, true)]
    public void What_Enrich_s_mapping_gives_up_to_a_queue_is_found_again_in_its_stream(
        string property, int value, bool agedOut)
    {
        using var run = Broken("Enrich", mapping => mapping[property] = value);
        var summary = run.Play(s_sample);
        Assert.True(summary.Accounting.Balanced);
        Assert.Equal(0, summary.Accounting.Archived);
        Assert.Equal(summary.Functions["Validate"].Emitted, summary.Accounting.DeadLettered);
        Assert.Equal(agedOut ? summary.Accounting.DeadLettered : 0, summary.Lateness.AgedOut);
    }

    [Fact]
    public void Only_what_was_given_up_is_dead_lettered()
    {
        // A payload of every fifth length fails: some do, most do not.
        var failed = 0;
        using var run = new Run
        {
            Change = resources => GiveUpToQueue(resources, "Enrich", mapping =>
            {
                mapping["MaximumRetryAttempts"] = 0;
                mapping["BatchSize"] = 1;
            }),
            Functions = name => (environment, ports, time) =>
            {
                var function = Catalogue.Find(name)(environment, ports, time);
                return name != "Enrich" ? function : function with
                {
                    Handler = (payload, context) => payload.Length % 5 == 0 && failed++ >= 0
                        ? throw new InvalidOperationException("broken")
                        : function.Handler(payload, context),
                };
            },
        };
        var summary = run.Play(s_sample);
        Assert.True(failed > 0);
        Assert.True(summary.Accounting.Balanced);
        Assert.InRange(summary.Accounting.DeadLettered, failed, Lines / 2);
        Assert.Equal(
            summary.Functions["Validate"].Emitted, summary.Accounting.Archived + summary.Accounting.DeadLettered);
        Assert.True(summary.Accounting.Archived > 0);
    }

    [Fact]
    public void What_a_resumed_run_finds_dead_lettered_stays_so()
    {
        using var run = Broken("Enrich", mapping => mapping["MaximumRetryAttempts"] = 0);
        Assert.Equal(run.Play(s_sample).Accounting, run.Play(null).Accounting);
    }

    [Fact]
    public void What_the_stream_keeps_no_longer_is_lost_and_not_dead_lettered()
    {
        using var run = Broken("Validate", mapping =>
        {
            mapping["MaximumRetryAttempts"] = -1;
            mapping["MaximumRecordAgeInSeconds"] = -1;
        });
        Assert.Equal(new AccountingSummary(0, 0, 0, 0, 0, false), run.Play(s_sample).Accounting);
    }

    [Fact]
    public void With_several_lanes_the_range_says_too_little_and_the_loader_says_so()
    {
        using var run = Broken("Enrich", mapping =>
        {
            mapping["MaximumRetryAttempts"] = 0;
            mapping["ParallelizationFactor"] = 2;
        });
        var accounting = run.Play(s_sample).Accounting;
        Assert.Equal((0, 0, false), (accounting.Archived, accounting.DeadLettered, accounting.Balanced));

        var warning = Assert.Single(
            run.Stack!.Warnings, text => text.Contains("EnrichMapping", StringComparison.Ordinal));
        Assert.Contains("gives up to the queue Failures", warning, StringComparison.Ordinal);
        Assert.Contains("ParallelizationFactor of 2", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_mapping_of_a_later_function_gives_up_covers_no_loss()
    {
        // Enrich does not wait for the delivery stream, so the first events are not archived.
        static void Lose(JsonObject resources)
        {
            resources["EnrichMapping"]!.AsObject().Remove("DependsOn");
            resources["FilterCriticalMapping"]!["Properties"]!["MaximumRetryAttempts"] = 0;
        }
        using var plain = new Run { Change = Lose };
        using var run = new Run { Change = Lose, Functions = BreakOnly("FilterCritical") };
        var expected = plain.Play(s_sample).Accounting;
        Assert.False(expected.Balanced);
        Assert.Equal(expected, run.Play(s_sample).Accounting);
        Assert.NotEmpty(run.Folder.Files("aws/lambda/"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{\"requestContext\":{")]
    [InlineData("{\"requestContext\":{}}")]
    [InlineData("{\"requestContext\":{},\"KinesisBatchInfo\":7}")]
    [InlineData("{\"id\":\"1\",\"name\":\"notify\"}")]
    public void What_is_no_such_document_is_not_read_as_one(string body) =>
        Assert.Null(FailureNotice.Read(System.Text.Encoding.UTF8.GetBytes(body)));

    private static Run Broken(string function, Action<JsonObject> change) => new()
    {
        Change = resources => GiveUpToQueue(resources, function, change),
        Functions = BreakOnly(function),
    };

    private static Func<string, Compose> BreakOnly(string function) => name => name != function
        ? Catalogue.Find(name)
        : (_, _, _) => new LambdaFunction(name, (_, _) => throw new InvalidOperationException("broken"));

    private static void GiveUpToQueue(JsonObject resources, string function, Action<JsonObject> change)
    {
        resources["Failures"] = JsonNode.Parse("""{ "Type": "AWS::SQS::Queue" }""");
        var mapping = resources[$"{function}Mapping"]!["Properties"]!.AsObject();
        mapping["DestinationConfig"] = JsonNode.Parse(
            """{ "OnFailure": { "Destination": { "Fn::GetAtt": [ "Failures", "Arn" ] } } }""");
        change(mapping);
    }
}
