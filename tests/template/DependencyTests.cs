using CsCheck;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Template;

public sealed class DependencyTests
{
    [Fact]
    public void A_resource_depends_on_what_it_names_and_refers_to()
    {
        var dependencies = Templates.Sample().Load().Resources.ToDictionary(r => r.LogicalId, r => r.DependsOn);

        Assert.Equal(["Raw", "Data", "EnrichPolicy", "Enrich", "Archive"], dependencies["EnrichMapping"]);
        Assert.Equal(["Enriched", "Data", "EnrichRole", "EnrichPolicy", "EnrichLogs"], dependencies["Enrich"]);
        Assert.Equal(["Enriched", "EnrichRole"], dependencies["EnrichPolicy"]);
        Assert.Equal(["Enriched", "Data", "ArchiveRole"], dependencies["Archive"]);
        Assert.Empty(dependencies["Raw"]);
    }

    [Fact]
    public void Each_resource_comes_after_those_it_depends_on()
    {
        var stack = Templates.Sample().Load();
        var order = stack.Resources.Select(resource => resource.LogicalId).ToList();

        Assert.Equal(11, order.Count);
        Assert.All(stack.Resources, resource => Assert.All(resource.DependsOn, dependency =>
            Assert.True(order.IndexOf(dependency) < order.IndexOf(resource.LogicalId))));
        Assert.Equal(
            stack.Models.Select(model => model.LogicalId),
            stack.Resources.Where(resource => !resource.IsIgnored).Select(resource => resource.LogicalId));
    }

    [Fact]
    public void A_way_may_lead_through_a_resource_that_is_left_out()
    {
        var stack = Templates.With("EnrichMapping.DependsOn", "\"EnrichPolicy\"")
            .Set("EnrichPolicy.DependsOn", "\"Archive\"").Load();
        var order = stack.Resources.Select(resource => resource.LogicalId).ToList();

        Assert.True(stack.Resources.Single(resource => resource.LogicalId == "EnrichPolicy").IsIgnored);
        Assert.True(order.IndexOf("Archive") < order.IndexOf("EnrichPolicy"));
        Assert.True(order.IndexOf("EnrichPolicy") < order.IndexOf("EnrichMapping"));
    }

    [Fact]
    public void A_mapping_without_the_dependency_does_not_wait_for_the_archive()
    {
        var mapping = Templates.With("EnrichMapping.DependsOn", null).Load().Resources
            .Single(resource => resource.LogicalId == "EnrichMapping");

        Assert.DoesNotContain("Archive", mapping.DependsOn);
    }

    [Fact]
    public void Only_the_branch_that_is_taken_counts()
    {
        var stack = Templates.With(
            "Enriched.Properties.Tags", """{ "Fn::If": [ "IsLive", { "Ref": "Raw" }, { "Ref": "Data" } ] }""").Load();

        Assert.Equal(["Data"], stack.Resources.Single(resource => resource.LogicalId == "Enriched").DependsOn);
    }

    [Theory]
    [InlineData("\"OnlyLive\"")]
    [InlineData("[ \"OnlyLive\" ]")]
    public void What_does_not_exist_is_not_waited_for(string dependsOn) => Assert.Empty(
        Templates.With("Raw.DependsOn", dependsOn).Load().Resources.Single(r => r.LogicalId == "Raw").DependsOn);

    [Theory]
    [InlineData("\"Nowhere\"", "Raw.DependsOn: found 'Nowhere'; honoured: logical ids of this template.")]
    [InlineData(
        "{ \"Ref\": \"Data\" }",
        "Raw.DependsOn: found JSON of kind Object; honoured: logical ids of this template.")]
    [InlineData("\"Raw\"", "Raw: found a circle of references (Raw → Raw); honoured: references without a circle.")]
    public void A_wrong_dependency_is_refused(string dependsOn, string problem) =>
        Assert.Equal([problem], Templates.With("Raw.DependsOn", dependsOn).Problems());

    [Fact]
    public void A_circle_of_names_is_refused() => Assert.Equal(
        ["Raw: found a circle of references (Raw → Enriched → Raw); honoured: references without a circle."],
        Templates.With("Raw.Properties.Name", """{ "Fn::Sub": "x-${Enriched}" }""")
            .Set("Enriched.Properties.Name", """{ "Ref": "Raw" }""").Problems());

    [Fact]
    public void Any_graph_is_put_in_order_or_refused_as_a_circle()
    {
        const int Count = 6;
        var edges = Gen.Select(Gen.Int[0, Count - 1], Gen.Int[0, Count - 1]).Array[0, 10];
        edges.Sample(graph =>
        {
            var resources = Enumerable.Range(0, Count).Select(from =>
            {
                var to = graph.Where(edge => edge.Item1 == from).Select(edge => $"\"R{edge.Item2}\"").Distinct();
                return $"\"R{from}\": {{ \"Type\": \"AWS::IAM::Role\", \"DependsOn\": [{string.Join(',', to)}] }}";
            });
            var json = $"{{ \"Resources\": {{ {string.Join(',', resources)} }} }}";
            if (HasCircle(graph, Count))
            {
                var problems = Assert.Throws<TemplateException>(() => Templates.Load(json)).Problems;
                return problems.All(problem => problem.Contains("a circle of references", StringComparison.Ordinal));
            }
            var order = Templates.Load(json).Resources.Select(resource => resource.LogicalId).ToList();
            return order.Count == Count
                && graph.All(edge => order.IndexOf($"R{edge.Item2}") < order.IndexOf($"R{edge.Item1}"));
        });
    }

    // Warshall: who reaches whom.
    private static bool HasCircle((int From, int To)[] edges, int count)
    {
        var reaches = new bool[count, count];
        foreach (var (from, to) in edges)
        {
            reaches[from, to] = true;
        }
        for (var via = 0; via < count; via++)
        {
            for (var from = 0; from < count; from++)
            {
                for (var to = 0; to < count; to++)
                {
                    reaches[from, to] |= reaches[from, via] && reaches[via, to];
                }
            }
        }
        return Enumerable.Range(0, count).Any(node => reaches[node, node]);
    }
}
