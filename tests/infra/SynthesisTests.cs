using System.Text.Json.Nodes;
using Amazon.CDK;
using Pipeline.Infra;
using Pipeline.Infra.Constructs;
using Pipeline.Tests.Processes;
using Xunit;

namespace Pipeline.Tests.Infra;

/// <summary>What the CDK makes of the stack.</summary>
[Collection(InfraMachine.Cdk)]
public sealed class SynthesisTests
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:pager";

    [Fact]
    public void The_committed_template_is_what_the_stack_says()
    {
        InfraMachine.NeedsNode();
        var committed = File.ReadAllText(InfraMachine.CommittedTemplate);
        Assert.True(
            committed == Synthesize(new() { ["code"] = "none" }),
            "infra/pipeline.template.json is not what the stack says; 'npm run template' writes it anew.");
    }

    [Fact]
    public void The_command_line_makes_the_same_template()
    {
        InfraMachine.NeedsCdk();
        using var folder = new TemporaryFolder();
        var (exitCode, output, error) = InfraMachine.Run(
            "node", [InfraMachine.CdkCommand, "synth", "-c", "code=none", "--quiet", "--output", folder.Path]);
        Assert.True(exitCode == 0, output + error);
        Assert.Equal(
            File.ReadAllText(InfraMachine.CommittedTemplate),
            File.ReadAllText(Pipeline.Infra.Program.TemplateIn(folder.Path)));
    }

    [Fact]
    public void Options_change_what_they_say_and_keep_the_laws()
    {
        InfraMachine.NeedsNode();
        var template = Parse(Synthesize(new()
        {
            ["code"] = "none",
            ["shards"] = "5",
            ["retention"] = "48",
            ["slots"] = "64",
            ["memory"] = "1024",
            ["timeout"] = "120",
            ["reserved"] = "7",
            ["architecture"] = "arm64",
            ["keep"] = "30",
            ["fanout"] = "shared",
            ["alarms"] = Topic,
            ["endpoint"] = "http://localhost:4566",
        }));

        foreach (var stream in template.OfType("AWS::Kinesis::Stream"))
        {
            Assert.Equal("5", stream["ShardCount"]);
            Assert.Equal("48", stream["RetentionPeriodHours"]);
        }

        foreach (var filter in new[] { "Validate", "Enrich", "FilterCritical", "Route" })
        {
            Assert.Equal("1024", template[filter]["MemorySize"]);
            Assert.Equal("120", template[filter]["Timeout"]);
            Assert.Equal("7", template[filter]["ReservedConcurrentExecutions"]);
        }

        Assert.All(
            template.OfType("AWS::Lambda::Function"),
            function => Assert.Equal("""["arm64"]""", function["Architectures"]));
        Assert.All(
            template.OfType("AWS::Lambda::Function"),
            function => Assert.Equal(
                "http://localhost:4566", function["Environment", "Variables", "AWS_ENDPOINT_URL"]));
        Assert.Equal("64", template["FilterCritical"]["Environment", "Variables", "SLOTS"]);
        Assert.Equal("50", template["ExecuteHigh"]["ReservedConcurrentExecutions"]);
        Assert.Empty(template.OfType(ReaderLaws.ConsumerType));
        Assert.Equal("${Enriched.Arn}", template["FilterCriticalMapping"]["EventSourceArn"]);
        Assert.All(
            template.OfType(MonitoringLaws.AlarmType),
            alarm => Assert.Equal($"""["{Topic}"]""", alarm["AlarmActions"]));
        Assert.All(
            template["Data"].Objects().Where(rule => rule["ExpirationInDays"] is not null),
            rule => Assert.Equal(30, (int)rule["ExpirationInDays"]!));
        // The topic is the user's own, account and all.
        Assert.All(
            TemplateLaws.All.Where(law => law.Key != "Values_name_no_account_and_no_region"),
            law => Assert.Empty(law.Value(template)));
    }

    [Fact]
    public void A_real_synthesis_carries_the_native_code_and_what_SAM_finds_it_by()
    {
        InfraMachine.NeedsNode();
        _ = PublishedFunctions.Native();
        using var folder = new TemporaryFolder();
        Assert.Null(Pipeline.Infra.Program.Synthesize(folder.Path, PublishedFunctions.NativeContext));

        var template = Read(folder);
        var paths = template.OfType("AWS::Lambda::Function").Select(AssetOf).ToHashSet();
        var asset = Path.Combine(folder.Path, Assert.Single(paths));
        Assert.True(Directory.Exists(Path.Combine(asset, "config", "schemas")));
        Assert.True(
            OperatingSystem.IsWindows()
            || File.GetUnixFileMode(Path.Combine(asset, "bootstrap")).HasFlag(UnixFileMode.OtherExecute),
            "bootstrap lost its mode on the way into the assembly.");
        Assert.All(TemplateLaws.All, law => Assert.Empty(law.Value(template)));
    }

    [Fact]
    public void On_the_managed_runtime_the_handler_is_the_assembly_and_the_environment_names_the_function()
    {
        InfraMachine.NeedsNode();
        var template = Parse(Synthesize(new() { ["code"] = "none", ["runtime"] = "dotnet10" }));
        foreach (var function in template.OfType("AWS::Lambda::Function"))
        {
            Assert.Equal("dotnet10", function["Runtime"]);
            Assert.Equal("Pipeline.Functions", function["Handler"]);
            Assert.Equal(function.Id, function["Environment", "Variables", "PIPELINE_FUNCTION"]);
        }

        Assert.All(TemplateLaws.All, law => Assert.Empty(law.Value(template)));
    }

    [Fact]
    public void Many_readers_of_a_stream_get_a_consumer_each_one_after_the_other()
    {
        InfraMachine.NeedsNode();
        using var folder = new TemporaryFolder();
        var app = new App(new AppProps { Outdir = folder.Path });
        var stack = new Stack(app, "Pipeline");
        var stream = new EventStream(stack, "Enriched", StackOptions.Read(_ => null, out _)!);
        string[] filters = ["FilterCritical", "Aggregate", new string('R', 200)];
        Assert.All(filters, filter => Assert.Same(stream, stream.ReaderFor(filter).Pipe));
        app.Synth();

        var template = Read(folder);
        Assert.Equal(
            [[], [filters[0] + "Consumer"], [filters[1] + "Consumer"]],
            filters.Select(filter => template[filter + "Consumer"].DependsOn));
        Assert.Empty(TemplateLaws.All["Consumers_are_few_and_come_one_after_the_other"](template));
        Assert.Empty(TemplateLaws.All["Consumers_are_named_by_the_rules"](template));
    }

    [Fact]
    public void A_wrong_option_is_one_sentence()
    {
        InfraMachine.NeedsNode();
        using var folder = new TemporaryFolder();
        Assert.Equal(
            "Context option 'shards' is 'many': it must be a whole number from 1 to 10000.",
            Pipeline.Infra.Program.Synthesize(
                folder.Path, new Dictionary<string, object> { ["code"] = "none", ["shards"] = "many" }));
    }

    [Fact]
    public void The_lock_of_the_command_line_names_no_address() =>
        Assert.DoesNotContain("\"resolved\"", File.ReadAllText(Path.Combine(InfraMachine.Root, "package-lock.json")));

    // "cdk synth" and "sam local invoke": the asset's folder below the assembly, and the property that takes it.
    private static string AssetOf(Resource function)
    {
        var metadata = function.Node["Metadata"]!;
        Assert.Equal("Code", (string)metadata["aws:asset:property"]!);
        return (string)metadata["aws:asset:path"]!;
    }

    private static string Synthesize(Dictionary<string, object> context)
    {
        using var folder = new TemporaryFolder();
        Assert.Null(Pipeline.Infra.Program.Synthesize(folder.Path, context));
        return File.ReadAllText(Pipeline.Infra.Program.TemplateIn(folder.Path));
    }

    private static Template Read(TemporaryFolder folder) =>
        Parse(File.ReadAllText(Pipeline.Infra.Program.TemplateIn(folder.Path)));

    private static Template Parse(string template) => new(JsonNode.Parse(template)!.AsObject());

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-synth-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
