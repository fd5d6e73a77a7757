using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>Each payload gets the answer, and has the effects, that <c>events/README.md</c> says.</summary>
public sealed partial class PayloadAnswerTests
{
    private static readonly Dictionary<string, (string Answer, string Does)> s_documented =
        File.ReadLines(Path.Combine(PayloadFiles.Folder, "README.md"))
            .Select(line => Row().Match(line)).Where(row => row.Success)
            .ToDictionary(
                row => row.Groups["file"].Value,
                row => (row.Groups["answer"].Value, row.Groups["does"].Value));

    public static TheoryData<string> Payloads => PayloadFiles.Theory(_ => true);

    [Fact]
    public void The_page_has_a_row_for_each_payload() =>
        Assert.Equal(PayloadFiles.Names, s_documented.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Payloads))]
    public void A_payload_gets_the_answer_that_the_page_says(string payload)
    {
        var function = payload.Split('/')[0];
        var (exit, output, error) = Invocations.Run(
            null, function, "--event", Path.Combine(PayloadFiles.Folder, payload));
        Assert.Equal(0, exit);
        Assert.Equal(Answer(payload, s_documented[payload].Answer) + "\n", output);
        Assert.Equal($"{function}: {s_documented[payload].Does}", error.Split('\n')[0].TrimEnd('\r'));
    }

    [Fact]
    public void The_commands_on_the_page_do_what_it_says()
    {
        const string prefix = "dotnet run --project cli -- invoke ";
        using var folder = new OutputFolder();
        var said = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(PayloadFiles.Folder, "README.md"))
            .Where(line => line.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var words = line[prefix.Length..]
                .Replace("events/", PayloadFiles.Folder + "/", StringComparison.Ordinal)
                .Replace("/tmp/shop", folder.File("shop"), StringComparison.Ordinal).Split(' ');
            var (exit, _, error) = Invocations.Run(null, words);
            Assert.Equal(0, exit);
            said.Add(error);
        }
        Assert.StartsWith("ExecuteHigh: 1 in, 1 dropped (already-executed 1)", said[^1], StringComparison.Ordinal);
    }

    /// <summary>The response that the page's words stand for: which messages of the payload come again.</summary>
    private static string Answer(string payload, string words)
    {
        var records = JsonNode.Parse(PayloadFiles.Read(payload))!["Records"]!.AsArray();
        var failed = Number().Matches(words)
            .Select(number => $$"""{"itemIdentifier":"{{records[int.Parse(number.Value) - 1]!["messageId"]}}"}""");
        Assert.True(words == "all done" || words.EndsWith("again", StringComparison.Ordinal), words);
        return $$"""{"batchItemFailures":[{{string.Join(',', failed)}}]}""";
    }

    [GeneratedRegex(@"^\| `(?<file>\w+/[a-z-]+\.json)` \| [^|]+ \| (?<answer>[^|]+) \| (?<does>[^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
