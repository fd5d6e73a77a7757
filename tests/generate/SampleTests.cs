using System.Text.Json;
using Pipeline.Cli;
using Pipeline.Cli.Generate;
using Xunit;

namespace Pipeline.Tests.Generate;

public class SampleTests
{
    private static readonly string Folder = Path.Combine(Generated.Root(), "events");

    private static readonly byte[] Sample = File.ReadAllBytes(Path.Combine(Folder, "sample.ndjson"));

    [Fact]
    public void The_documented_command_makes_the_sample()
    {
        const string prefix = "dotnet run --project cli -- ";
        string command = File.ReadLines(Path.Combine(Folder, "README.md")).Single(
            line => line.StartsWith(prefix + "generate ", StringComparison.Ordinal));
        string[] arguments = command[prefix.Length..].Split(' ');
        int output = Array.IndexOf(arguments, "--output");
        Assert.Equal("events/sample.ndjson", arguments[output + 1]);

        using var stream = new MemoryStream();
        int code = Program.Run(arguments[..output], new Terminal(stream, TextWriter.Null, Interactive: false));

        Assert.Equal(0, code);
        Assert.True(Sample.AsSpan().SequenceEqual(stream.ToArray()), "The sample is not what its command makes.");
    }

    [Fact]
    public void The_sample_holds_what_its_page_says()
    {
        List<byte[]> lines = Generated.Lines(Sample);
        List<JsonElement> good = [.. lines.Where(line => BadKindTests.ReasonOf(line) is null).Select(Generated.Parse)];
        List<JsonElement> events = [.. good.DistinctBy(e => e.Text("id"))];

        Assert.Equal(10_000, lines.Count);
        Assert.InRange(lines.Count - good.Count, 150, 250);
        Assert.InRange(lines.Count - good.Count, BadKind.All.Count, lines.Count);
        Assert.InRange(good.Count - events.Count, 70, 130);
        Assert.Contains(events.Zip(events.Skip(1)), pair => pair.First.Time() > pair.Second.Time());
        Assert.Equal(1, (events.Max(e => e.Time()) - events.Min(e => e.Time())).TotalHours, 0.01);
    }

    [Fact]
    public void The_sample_tells_of_break_ins_of_scanners_and_of_bad_deploys()
    {
        List<JsonElement> events =
        [
            .. Generated.Lines(Sample).Where(line => BadKindTests.ReasonOf(line) is null).Select(Generated.Parse)
                .DistinctBy(e => e.Text("id")),
        ];

        Assert.InRange(StoryTests.BreakIns(events).Count, 2, 10);
        Assert.InRange(StoryTests.Scans(events).Count, 2, 6);
        Assert.All(StoryTests.BadDeploys(events), deploy => Assert.InRange(deploy.Errors.Count, 10, 200));
    }
}
