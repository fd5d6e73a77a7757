using Xunit;

namespace Pipeline.Tests.Infra;

public sealed class TemplateLawsTests
{
    public static TheoryData<string> Laws => [.. TemplateLaws.All.Keys];

    public static TheoryData<string, int> Breaks
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var (law, breaks) in BrokenTemplates.ByLaw)
            {
                for (var index = 0; index < breaks.Length; index++)
                {
                    data.Add(law, index);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void The_committed_template_obeys(string law) =>
        Assert.Empty(TemplateLaws.All[law](Template.Committed()));

    [Theory]
    [MemberData(nameof(Breaks))]
    public void A_law_complains_of_a_template_that_breaks_it(string law, int index)
    {
        var root = Template.Committed().Root;
        BrokenTemplates.ByLaw[law][index](root["Resources"]!.AsObject());
        Assert.NotEmpty(TemplateLaws.All[law](new Template(root.DeepClone().AsObject())));
    }

    [Fact]
    public void Every_law_can_fail() =>
        Assert.Equal(TemplateLaws.All.Keys.Order(), BrokenTemplates.ByLaw.Keys.Order());

    [Fact]
    public void Logical_ids_are_the_names_that_other_parts_know()
    {
        var template = Template.Committed();
        Assert.Equal(
            ["Raw", "Validated", "Enriched", "Critical"],
            template.OfType("AWS::Kinesis::Stream").Select(stream => stream.Id));
        Assert.Equal(
            ["Validate", "Enrich", "FilterCritical", "Route", "ExecuteHigh", "ExecuteNormal", "ExecuteLow"],
            template.OfType("AWS::Lambda::Function").Select(function => function.Id));
        Assert.Equal(
            template.OfType("AWS::Lambda::Function").Select(function => function.Id + "Mapping"),
            template.OfType("AWS::Lambda::EventSourceMapping").Select(mapping => mapping.Id));
        Assert.Equal("FilterCriticalConsumer", template.OfType(ReaderLaws.ConsumerType).Single().Id);
        Assert.Equal(
            [
                "CommandsHighDead", "CommandsHigh", "CommandsNormalDead", "CommandsNormal", "CommandsLowDead",
                "CommandsLow",
            ],
            template.OfType(QueueLaws.QueueType).Select(queue => queue.Id));
        Assert.Equal("Data", template.OfType("AWS::S3::Bucket").Single().Id);
        Assert.Equal("Archive", template.OfType("AWS::KinesisFirehose::DeliveryStream").Single().Id);
        Assert.Equal(
            [
                "RawStream", "ValidatedStream", "EnrichedStream", "CriticalStream", "CommandsHighQueue",
                "CommandsNormalQueue", "CommandsLowQueue", "DataBucket",
            ],
            template.Root["Outputs"]!.AsObject().Select(output => output.Key));
    }

    [Theory]
    [InlineData("Validate", "60", "OUTPUT_STREAM=${Validated}", "SLOTS=128")]
    [InlineData("Enrich", "60", "OUTPUT_STREAM=${Enriched}", "SLOTS=128", "GEO_DATABASE=geo/iptoasn-country.mmdb")]
    [InlineData("FilterCritical", "60", "OUTPUT_STREAM=${Critical}", "SLOTS=128")]
    [InlineData(
        "Route", "60", "QUEUE_HIGH=${CommandsHigh}", "QUEUE_NORMAL=${CommandsNormal}", "QUEUE_LOW=${CommandsLow}")]
    [InlineData("ExecuteHigh", "30")]
    [InlineData("ExecuteNormal", "60")]
    [InlineData("ExecuteLow", "120")]
    public void A_function_is_told_its_pipes_and_nothing_it_does_not_need(
        string id, string timeout, params string[] own)
    {
        var variables = Template.Committed()[id].At("Environment", "Variables")!.AsObject();
        string[] all = [$"PIPELINE_FUNCTION={id}", $"FUNCTION_TIMEOUT_SECONDS={timeout}", "BUCKET=${Data}", .. own];
        Assert.Equal(
            all.Order(), variables.Select(variable => $"{variable.Key}={Template.Text(variable.Value)}").Order());
    }

    [Theory]
    [InlineData("ExecuteHigh", "${CommandsHigh.Arn}")]
    [InlineData("ExecuteNormal", "${CommandsNormal.Arn}")]
    [InlineData("ExecuteLow", "${CommandsLow.Arn}")]
    [InlineData("FilterCritical", "${FilterCriticalConsumer.ConsumerARN}")]
    [InlineData("Route", "${Critical.Arn}")]
    public void A_function_is_fed_by_the_pipe_before_it(string id, string source) =>
        Assert.Equal(source, Template.Committed()[id + "Mapping"]["EventSourceArn"]);

    [Fact]
    public void A_higher_priority_gets_more_of_everything_and_waits_less()
    {
        var template = Template.Committed();
        double[][] shares =
        [
            .. from priority in new[] { "High", "Normal", "Low" }
               let mapping = template[$"Execute{priority}Mapping"]
               select new[]
               {
                   Checks.Number(template["Execute" + priority]["MemorySize"]),
                   Checks.Number(mapping["ScalingConfig", "MaximumConcurrency"]),
                   -Checks.Number(mapping["BatchSize"]),
                   -Checks.Number(template["Execute" + priority]["Timeout"]),
                   -Checks.Number(template[$"Commands{priority}AgeAlarm"]["Threshold"]),
               },
        ];
        foreach (var (higher, lower) in shares.Zip(shares.Skip(1)))
        {
            Assert.All(higher.Zip(lower), pair => Assert.True(pair.First > pair.Second));
        }
    }

    [Fact]
    public void The_dashboard_shows_the_pipeline_from_left_to_right()
    {
        var widgets = MonitoringLaws.Widgets(Template.Committed()["Dashboard"]).ToList();
        var columns = new[] { "Raw:", "Validated:", "Enriched:", "Critical:", "Commands: sent", "Archive: records" }
            .Select(title => widgets.Single(widget =>
                ((string)widget["properties"]!["title"]!).StartsWith(title, StringComparison.Ordinal)))
            .Select(widget => (int)widget["x"]!);
        Assert.Equal([0, 4, 8, 12, 16, 20], columns);
    }

    [Fact]
    public void Alarms_tell_nobody_unless_asked_to() =>
        Assert.All(Template.Committed().OfType(MonitoringLaws.AlarmType), alarm => Assert.Null(alarm["AlarmActions"]));
}
