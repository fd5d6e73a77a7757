using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Cli.Generate;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Generate;

public class BadKindTests
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static TheoryData<string> Names => [.. BadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_line_is_bad_for_the_reason_it_claims(string name)
    {
        BadKind kind = BadKind.All.Single(k => k.Name == name);
        for (long seed = 0; seed < 40; seed++)
        {
            byte[] line = kind.Example(seed);

            Assert.DoesNotContain((byte)'\n', line);
            Assert.True(line.AsSpan().ContainsAnyExcept(" \t\r"u8));
            Assert.Equal(kind.Reason, ReasonOf(line));
        }
    }

    [Fact]
    public void Every_reason_that_a_line_can_have_occurs() => Assert.Equal(
        [
            RejectReason.InvalidUtf8, RejectReason.InvalidJson, RejectReason.DuplicateName, RejectReason.TooDeep,
            RejectReason.InvalidEvent, RejectReason.UnknownType, RejectReason.InvalidData,
        ],
        BadKind.All.Select(kind => kind.Reason).Distinct().Order());

    [Fact]
    public void There_are_many_kinds_each_with_its_own_name()
    {
        Assert.InRange(BadKind.All.Count, 60, 200);
        Assert.Equal(BadKind.All.Count, BadKind.All.Select(kind => kind.Name).Distinct().Count());
    }

    [Fact]
    public void Generated_bad_lines_are_all_bad_and_as_many_as_asked_for()
    {
        List<byte[]> lines = Generated.Lines(new GenerateOptions(20_000) { BadRate = 0.1 });

        Assert.InRange(lines.Count(line => ReasonOf(line) is not null), 1800, 2200);
        Assert.DoesNotContain(null, Generated.Lines(new GenerateOptions(5000) { BadRate = 1 }).ConvertAll(ReasonOf));
    }

    [Fact]
    public void A_few_bad_lines_are_of_every_reason()
    {
        List<byte[]> lines = Generated.Lines(new GenerateOptions(BadKind.All.Count) { BadRate = 1 });

        foreach (IGrouping<RejectReason, BadKind> kinds in BadKind.All.GroupBy(kind => kind.Reason))
        {
            Assert.Equal(kinds.Count(), lines.Count(line => ReasonOf(line) == kinds.Key));
        }
    }

    /// <summary>Why a line is no good event, judged without the pipeline; null when it is one.</summary>
    internal static RejectReason? ReasonOf(byte[] line)
    {
        try
        {
            StrictUtf8.GetCharCount(line);
        }
        catch (DecoderFallbackException)
        {
            return RejectReason.InvalidUtf8;
        }

        const int deep = 1000;
        if (!IsJson(line, deep, allowTwice: true) || !HasWholeTexts(Generated.ParseDeep(line, deep)))
        {
            return RejectReason.InvalidJson;
        }

        if (!IsJson(line, deep, allowTwice: false))
        {
            return RejectReason.DuplicateName;
        }

        if (!IsJson(line, Limits.EventDepthMax, allowTwice: false))
        {
            return RejectReason.TooDeep;
        }

        JsonElement @event = Generated.Parse(line);
        return @event.ValueKind != JsonValueKind.Object ? RejectReason.InvalidJson
            : !IsCloudEvent(@event) ? RejectReason.InvalidEvent
            : !SchemaCheck.Schemas.ContainsKey(@event.Text("type")) ? RejectReason.UnknownType
            : SchemaCheck.Errors(@event).Count > 0 ? RejectReason.InvalidData
            : null;
    }

    private static bool IsJson(byte[] line, int depthMax, bool allowTwice)
    {
        try
        {
            using var document = JsonDocument.Parse(
                line, new JsonDocumentOptions { MaxDepth = depthMax, AllowDuplicateProperties = allowTwice });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether no string holds half of a surrogate pair, which shows only when it is read.</summary>
    private static bool HasWholeTexts(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Object => value.EnumerateObject().All(member => HasWholeTexts(member.Value)),
                JsonValueKind.Array => value.EnumerateArray().All(HasWholeTexts),
                JsonValueKind.String => value.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsCloudEvent(JsonElement @event) =>
        new[] { "specversion", "id", "source", "type", "time" }.All(name =>
            @event.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString()!.Length > 0)
        && @event.Text("specversion") == "1.0"
        && (@event.Text("time").EndsWith('Z') || @event.Text("time")[^6] is '+' or '-')
        && DateTimeOffset.TryParse(@event.Text("time"), CultureInfo.InvariantCulture, out _)
        && @event.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object;
}
