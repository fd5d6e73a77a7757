using System.Text.Json.Nodes;
using Xunit;

namespace Pipeline.Tests.Infra;

/// <summary>What the CDK makes of the stack. One class, because the CDK library serves one thread.</summary>
public sealed class SynthesisTests
{
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
        var template = new Template(JsonNode.Parse(Synthesize(new()
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
        }))!.AsObject());

        foreach (var stream in template.OfType("AWS::Kinesis::Stream"))
        {
            Assert.Equal("5", stream["ShardCount"]);
            Assert.Equal("48", stream["RetentionPeriodHours"]);
        }

        foreach (var function in template.OfType("AWS::Lambda::Function"))
        {
            Assert.Equal("64", function["Environment", "Variables", "SLOTS"]);
            Assert.Equal("1024", function["MemorySize"]);
            Assert.Equal("120", function["Timeout"]);
            Assert.Equal("7", function["ReservedConcurrentExecutions"]);
            Assert.Equal("""["arm64"]""", function["Architectures"]);
        }

        Assert.All(
            template["Data"].Objects().Where(rule => rule["ExpirationInDays"] is not null),
            rule => Assert.Equal(30, (int)rule["ExpirationInDays"]!));
        Assert.All(TemplateLaws.All, law => Assert.Empty(law.Value(template)));
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

    private static string Synthesize(Dictionary<string, object> context)
    {
        using var folder = new TemporaryFolder();
        Assert.Null(Pipeline.Infra.Program.Synthesize(folder.Path, context));
        return File.ReadAllText(Pipeline.Infra.Program.TemplateIn(folder.Path));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-synth-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
