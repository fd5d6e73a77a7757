using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Template;

public sealed class OptionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    public void Shards_set_every_stream(int shards) => Assert.All(
        Templates.Sample().Load(new TemplateOptions { Shards = shards }).Streams,
        stream => Assert.Equal(shards, stream.ShardCount));

    [Fact]
    public void Shards_reach_the_streams_of_mappings_and_delivery_streams()
    {
        var stack = Templates.Sample().Load(new TemplateOptions { Shards = 5 });

        Assert.Equal((5, 5), (stack.KinesisMappings[0].Stream.ShardCount, stack.DeliveryStreams[0].Stream.ShardCount));
    }

    [Theory]
    [InlineData(0, "--shards 0: a stream has 1 to 10000 shards.")]
    [InlineData(-1, "--shards -1: a stream has 1 to 10000 shards.")]
    [InlineData(10_001, "--shards 10001: a stream has 1 to 10000 shards.")]
    [InlineData(
        33,
        "--shards 33: 33 shards need at least 132 slots (4 a shard), but the functions have 128; keep to 32"
            + " shards, or drain the pipeline and synthesize it with -c slots=256.")]
    public void Shards_that_do_not_fit_are_refused(int shards, string message)
    {
        var refused = Assert.Throws<TemplateException>(
            () => Templates.Sample().Load(new TemplateOptions { Shards = shards }));

        Assert.Equal(message, refused.Message);
    }

    [Theory]
    [InlineData("\"many\"")]
    [InlineData("\"-128\"")]
    public void Slots_that_are_no_number_fit_no_shards(string slots) => Assert.Single(
        Templates.With("Enrich.Properties.Environment.Variables.SLOTS", slots)
            .Problems(new TemplateOptions { Shards = 1 }));

    [Theory]
    [InlineData("33", "\"128\"", 33, 132, 128, 32, 256)]
    [InlineData("33", null, 33, 132, 128, 32, 256)]
    [InlineData("5", "\"16\"", 5, 20, 16, 4, 32)]
    public void Shards_of_the_template_that_do_not_fit_are_refused_too(
        string shards, string? slots, int found, int needed, int have, int most, int proposed)
    {
        var template = Templates.With("Raw.Properties.ShardCount", shards)
            .Set("Enrich.Properties.Environment.Variables.SLOTS", slots);
        Assert.Equal(
            $"Raw.Properties.ShardCount: {found} shards need at least {needed} slots (4 a shard), but the"
            + $" functions have {have}; keep to {most} shards, or drain the pipeline and synthesize it with"
            + $" -c slots={proposed}.",
            Assert.Single(template.Problems()));
    }

    [Fact]
    public void Shards_that_just_fit_are_taken() =>
        Templates.With("Raw.Properties.ShardCount", "32").Load();

    [Fact]
    public void A_disabled_function_has_its_mappings_off()
    {
        var stack = Templates.Sample().Load(new TemplateOptions { Disable = ["Enrich"] });

        Assert.False(Assert.Single(stack.KinesisMappings).Enabled);
    }

    [Fact]
    public void Disabling_leaves_other_functions_on()
    {
        var stack = Templates.Sample()
            .Set("Other", """{ "Type": "AWS::Lambda::Function", "Properties": { "Handler": "Other" } }""")
            .Load(new TemplateOptions { Disable = ["Other"] });

        Assert.True(Assert.Single(stack.KinesisMappings).Enabled);
    }

    [Fact]
    public void An_unknown_function_is_refused_with_the_known_ones()
    {
        var refused = Assert.Throws<TemplateException>(
            () => Templates.Sample().Load(new TemplateOptions { Disable = ["Enrich", "enrich"] }));

        Assert.Equal("--disable enrich: not a function of pipeline.json; its functions: Enrich.", refused.Message);
    }
}
