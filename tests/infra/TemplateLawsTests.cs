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
            ["Raw", "Validated", "Enriched"],
            template.OfType("AWS::Kinesis::Stream").Select(stream => stream.Id));
        Assert.Equal(
            ["Validate", "Enrich"],
            template.OfType("AWS::Lambda::Function").Select(function => function.Id));
        Assert.Equal(
            ["ValidateMapping", "EnrichMapping"],
            template.OfType("AWS::Lambda::EventSourceMapping").Select(mapping => mapping.Id));
        Assert.Equal("Data", template.OfType("AWS::S3::Bucket").Single().Id);
        Assert.Equal("Archive", template.OfType("AWS::KinesisFirehose::DeliveryStream").Single().Id);
        Assert.Equal(
            ["RawStream", "ValidatedStream", "EnrichedStream", "DataBucket"],
            template.Root["Outputs"]!.AsObject().Select(output => output.Key));
    }

    [Theory]
    [InlineData("Validate", "${Validated}", null)]
    [InlineData("Enrich", "${Enriched}", "geo/iptoasn-country.mmdb")]
    public void A_function_is_told_its_pipes_and_nothing_it_does_not_need(string id, string output, string? geo)
    {
        var variables = Template.Committed()[id].At("Environment", "Variables")!.AsObject();
        var expected = new Dictionary<string, string>
        {
            ["PIPELINE_FUNCTION"] = id,
            ["FUNCTION_TIMEOUT_SECONDS"] = "60",
            ["OUTPUT_STREAM"] = output,
            ["BUCKET"] = "${Data}",
            ["SLOTS"] = "128",
        };
        if (geo is not null)
        {
            expected["GEO_DATABASE"] = geo;
        }

        Assert.Equal(
            expected, variables.ToDictionary(variable => variable.Key, variable => Template.Text(variable.Value)));
    }
}
