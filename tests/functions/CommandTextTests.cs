using System.Text;
using System.Text.Json;
using CsCheck;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Xunit;

namespace Pipeline.Tests.Functions;

public class CommandTextTests
{
    private const string Good =
        """
        {"id":"a1_-Z","name":"notify","args":{"b":[1.50]},"priority":"low",
        "requestedAt":"2026-03-01T12:30:00.250Z","cause":{"partitionkey":"k","source":"/s","id":"1"}}
        """;

    private static readonly string[] Oddities = ["\uFFFE", "\uFFFF", "\"", "\\", "\\u0000", "\u2028", "\u007F", "😀"];

    // Texts of every plane, with what JSON escapes and what queues refuse.
    private static readonly Gen<string> GenText = Gen.OneOf(
            Gen.Char['\0', '\u00FF'].Select(one => one.ToString()),
            Gen.Int[0x100, 0x10FFFF].Where(Rune.IsValid).Select(one => new Rune(one).ToString()),
            Gen.Int[0, Oddities.Length - 1].Select(index => Oddities[index]))
        .Array[0, 20].Select(string.Concat);

    private static readonly Gen<Command> GenCommand = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 1, Command.IdCharactersMax],
        Gen.String[Gen.Char.AlphaNumeric, 1, Command.NameCharactersMax],
        Gen.Select(GenText, GenText).Select((name, value) => JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string> { [name] = value }, Relaxed)),
        Gen.Enum<CommandPriority>(),
        Gen.Int[0, int.MaxValue],
        Gen.Int[-1, int.MaxValue],
        Gen.Select(GenText, GenText, GenText).Select((key, source, id) => new CommandCause(key, source, id)),
        (id, name, args, priority, at, deadline, cause) =>
            new Command(id, name, args, priority, Moment(at), cause)
            {
                Deadline = deadline < 0 ? null : Moment(deadline),
            });

    private static JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void A_command_reads_as_it_was_written_and_holds_only_what_a_message_may_hold() =>
        GenCommand.Sample(command =>
        {
            var body = CommandText.Write(command);

            Assert.True(CommandText.TryRead(body, out var read, out var problem), problem);
            Assert.Equal(command with { Arguments = default }, read! with { Arguments = default });
            Assert.True(JsonElement.DeepEquals(Parse(command.Arguments), Parse(read.Arguments)));
            Assert.All(body.EnumerateRunes(), rune => Assert.True(
                rune.Value is 0x9 or 0xA or 0xD or (>= 0x20 and <= 0xD7FF) or (>= 0xE000 and <= 0xFFFD) or >= 0x10000,
                $"The body holds U+{rune.Value:X4}."));
        });

    [Fact]
    public void A_command_has_one_form()
    {
        var command = new Command(
            "c1", "open-incident", """{"service":"cart"}"""u8.ToArray(), CommandPriority.High,
            new DateTimeOffset(2026, 3, 1, 13, 0, 0, 1, TimeSpan.FromHours(1)), new CommandCause("k", "/s", "1"));

        Assert.Equal(
            """
            {"id":"c1","name":"open-incident","args":{"service":"cart"},"priority":"high",
            "requestedAt":"2026-03-01T12:00:00.001Z","cause":{"partitionkey":"k","source":"/s","id":"1"}}
            """.ReplaceLineEndings(""),
            CommandText.Write(command));
        Assert.Contains(
            """.001Z","deadline":"2026-03-01T13:00:00.001Z","cause":""",
            CommandText.Write(command with { Deadline = command.RequestedAt.AddHours(1) }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\uFFFE")]
    [InlineData("\uFFFF")]
    public void A_character_that_queues_refuse_is_escaped_in_arguments_and_cause(string character)
    {
        var command = new Command(
            "c1", "notify", Encoding.UTF8.GetBytes($$"""{"a{{character}}":"{{character}}"}"""), CommandPriority.Low,
            DateTimeOffset.UnixEpoch, new CommandCause(character, character, character));

        var body = CommandText.Write(command);

        Assert.DoesNotContain(character, body, StringComparison.Ordinal);
        Assert.True(CommandText.TryRead(body, out var read, out _));
        Assert.Equal(command.Cause, read!.Cause);
        Assert.Equal(character, Parse(read.Arguments).GetProperty("a" + character).GetString());
    }

    [Fact]
    public void Arguments_may_nest_deeper_than_an_event()
    {
        var deep = new string('[', Limits.EventDepthMax) + new string(']', Limits.EventDepthMax);
        var body = Good.Replace("[1.50]", $$"""{"a":{{deep}}}""", StringComparison.Ordinal);

        Assert.True(CommandText.TryRead(body, out _, out var problem), problem);
    }

    [Theory]
    [InlineData("", "The command is not JSON: ")]
    [InlineData("hello", "The command is not JSON: 'h' is an invalid start of a value")]
    [InlineData("[]", "The command is not a JSON object.")]
    [InlineData("null", "The command is not a JSON object.")]
    [InlineData("{}", "The command has no /args; it must be an object.")]
    public void A_body_that_is_no_command_is_told_so(string body, string expected) =>
        Assert.StartsWith(expected, ProblemOf(body), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"id\":\"a1_-Z\",", "", "The command has no /id; it must be a string.")]
    [InlineData("a1_-Z", "", "The command's /id has 0 characters; allowed are 1 to 80.")]
    [InlineData("a1_-Z", "a/b", "The command's /id is 'a/b'; allowed are letters, digits, '_' and '-'.")]
    [InlineData("a1_-Z", "é", "The command's /id is 'é'; allowed are letters, digits, '_' and '-'.")]
    [InlineData("\"a1_-Z\"", "7", "The command's /id is 7; it must be a string.")]
    [InlineData("notify", "", "The command's /name has 0 characters; allowed are 1 to 64.")]
    [InlineData("\"notify\"", "null", "The command's /name is null; it must be a string.")]
    [InlineData("{\"b\":[1.50]}", "[1]", "The command's /args is [1]; it must be an object.")]
    [InlineData("\"low\"", "\"lowest\"", "The command's /priority is 'lowest'; allowed are high, normal, low.")]
    [InlineData("\"low\"", "2", "The command's /priority is 2; it must be a string.")]
    [InlineData("2026-03-01T12:30:00.250Z", "now",
        "The command's /requestedAt is 'now'; it must be an RFC 3339 time.")]
    [InlineData("\"low\",", "\"low\",\"deadline\":\"soon\",",
        "The command's /deadline is 'soon'; it must be an RFC 3339 time.")]
    [InlineData("\"low\",", "\"low\",\"deadline\":null,", "The command's /deadline is null; it must be a string.")]
    [InlineData("{\"partitionkey\":\"k\",\"source\":\"/s\",\"id\":\"1\"}", "{}",
        "The command has no /cause/partitionkey; it must be a string.")]
    [InlineData("{\"partitionkey\":\"k\",\"source\":\"/s\",\"id\":\"1\"}", "\"event\"",
        "The command's /cause is \"event\"; it must be an object.")]
    [InlineData("\"source\":\"/s\"", "\"source\":[]", "The command's /cause/source is []; it must be a string.")]
    public void Every_mistake_is_told_with_its_place_and_what_is_allowed(string from, string to, string expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);

        Assert.Equal(expected, ProblemOf(Good.Replace(from, to, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a1_-Z", Command.IdCharactersMax, "id")]
    [InlineData("notify", Command.NameCharactersMax, "name")]
    public void A_text_may_have_its_limit_and_no_more(string from, int max, string member)
    {
        var longest = Good.Replace(from, new string('x', max), StringComparison.Ordinal);

        Assert.True(CommandText.TryRead(longest, out _, out var problem), problem);
        Assert.Equal(
            $"The command's /{member} has {max + 1} characters; allowed are 1 to {max}.",
            ProblemOf(Good.Replace(from, new string('x', max + 1), StringComparison.Ordinal)));
    }

    private static string ProblemOf(string body)
    {
        Assert.False(CommandText.TryRead(body, out var command, out var problem));
        Assert.Null(command);
        return problem!;
    }

    private static DateTimeOffset Moment(int seconds) => DateTimeOffset.UnixEpoch.AddMilliseconds(1000L * seconds + 7);

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
