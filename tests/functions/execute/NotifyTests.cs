using System.Text.Json;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Notifications of channels, a line each.</summary>
public sealed class NotifyTests
{
    private readonly WorkerBench _bench = new();

    [Fact]
    public void A_notification_is_a_line_with_its_text_and_the_other_scalars()
    {
        Do("n1", """
            {"channel":"ops","other":"é\n","text":"Disk \"a\" is full","n":1.50,"yes":true,"no":false,"none":null,
             "list":[1],"object":{},"command":"x","at":"x","part":"x","omitted":"x"}
            """);

        Assert.Equal(
            """
            {"command":"n1","at":"2026-03-01T12:00:00.000Z","part":1,"text":"Disk \"a\" is full","other":"é\n",
            "n":1.50,"yes":true,"no":false}
            """.ReplaceLineEndings("") + "\n",
            _bench.Objects()["notifications/ops.ndjson"]);
    }

    [Fact]
    public void Lines_beyond_a_part_go_on_in_the_next_and_none_is_lost()
    {
        for (var index = 1; index <= (2 * WorkerBench.PageMax) + 1; index++)
        {
            Do($"n{index}", """{"channel":"Ops/1","text":"text"}""");
        }

        Assert.Equal(
            [
                "notifications/%4fps%2f1.ndjson n7:3",
                "notifications/%4fps%2f1/000001.ndjson n1:1 n2:1 n3:1",
                "notifications/%4fps%2f1/000002.ndjson n4:2 n5:2 n6:2",
            ],
            _bench.Objects("notifications").Select(stored => $"{stored.Key} {string.Join(' ', Lines(stored.Value))}"));
    }

    [Fact]
    public void What_does_not_fit_a_line_is_left_out_and_counted()
    {
        var (longer, rest) = (new string('x', 4096), new string('x', 4093));
        Do("n1", $$"""{"channel":"a","text":"b","long":"{{longer}}","n":1,"l":"{{rest}}"}""");

        Assert.EndsWith(
            "\"text\":\"b\",\"n\":1,\"omitted\":2}\n", _bench.Objects()["notifications/a.ndjson"],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no lines", 1)]
    [InlineData("{}\n", 1)]
    [InlineData("{\"command\":\"a\",\"at\":\"2026-03-01T12:00:00Z\",\"part\":1}\n{\"command\":7}\n", 2)]
    [InlineData("{\"command\":\"a\",\"at\":\"2026-03-01T12:00:00Z\",\"part\":1}\n{\"comm", 2)]
    [InlineData("{\"command\":\"a\",\"at\":\"never\",\"part\":1}\n", 1)]
    public void An_object_that_holds_something_else_is_named_with_its_line(string text, int line)
    {
        _bench.Store("notifications/a.ndjson", text);

        Assert.Equal(
            ["n1"], _bench.Deliver(WorkerBench.Command("n1", "notify", """{"channel":"a","text":"b"}""")));
        Assert.Contains(
            $"The object notifications/a.ndjson is not a list of notifications (line {line}). ",
            Assert.Single(_bench.Sentences), StringComparison.Ordinal);
        Assert.Equal(text, _bench.Objects()["notifications/a.ndjson"]);
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return $"{document.RootElement.GetProperty("command")}:{document.RootElement.GetProperty("part")}";
        });

    private void Do(string id, string arguments) =>
        Assert.Empty(_bench.Deliver(WorkerBench.Command(id, "notify", arguments)));
}
