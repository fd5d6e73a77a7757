using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Core;
using Pipeline.Functions;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>What a second delivery, another form or the next function makes of the same events.</summary>
public sealed class ReplayTests
{
    public static TheoryData<string> OfStreams => [.. Catalogue.Names.Where(name => Replay.InputOf(name) is not null)];

    public static TheoryData<string> OfQueues => [.. Catalogue.Names.Where(Replay.TakesMessages)];

    [Theory]
    [MemberData(nameof(OfStreams))]
    public void A_redelivered_batch_puts_and_sends_the_same_bytes(string function)
    {
        using var folder = new OutputFolder();
        var first = Invocations.Json(function, $"{function}/normal.json", folder.Path);
        var again = Invocations.Json(function, $"{function}/redelivery.json", folder.Path);
        Assert.True(JsonNode.DeepEquals(first, again));
    }

    [Theory]
    [MemberData(nameof(OfStreams))]
    public void Bad_rows_are_stored_once_however_often_their_batch_comes(string function)
    {
        using var folder = new OutputFolder();
        var first = Invocations.Json(function, $"{function}/bad-data.json", folder.Path);
        Assert.NotEmpty(first["objects"]!.AsArray());
        var before = folder.Files();
        var again = Invocations.Json(function, $"{function}/bad-data.json", folder.Path);
        Assert.Empty(again["objects"]!.AsArray());
        Assert.Equal(before, folder.Files());
    }

    [Theory]
    [MemberData(nameof(OfQueues))]
    public void A_command_delivered_twice_is_carried_out_once(string function)
    {
        using var folder = new OutputFolder();
        var first = Invocations.Json(function, $"{function}/normal.json", folder.Path);
        var before = folder.Files();
        Assert.Contains(before.Keys, key => key.StartsWith("commands/", StringComparison.Ordinal));
        var again = Invocations.Json(function, $"{function}/redelivery.json", folder.Path);
        Assert.Equal(before, folder.Files());
        Assert.Empty(again["objects"]!.AsArray());
        Assert.Equal(
            (long)first["metrics"]!["emitted"]!, (long)again["metrics"]!["dropped"]!["already-executed"]!);
    }

    [Theory]
    [MemberData(nameof(OfStreams))]
    public void Packs_and_plain_records_of_the_same_events_say_the_same(string function)
    {
        if (!PayloadFiles.Names.Contains($"{function}/plain.json"))
        {
            // What producers send comes plain and in packs; a position is part of what Validate writes.
            Assert.Equal(Ids($"{function}/normal.json"), Ids($"{function}/pack.json"));
            return;
        }
        var plain = Invocations.Json(function, $"{function}/plain.json");
        var packed = Invocations.Json(function, $"{function}/normal.json");
        Assert.Equal(Texts(plain), Texts(packed));
        Assert.Equal(plain["metrics"]!.ToJsonString(), packed["metrics"]!.ToJsonString());

        IEnumerable<string> Ids(string payload) =>
            ByKey(Invocations.Json(function, payload), data => (string)data["id"]!);
        static IEnumerable<string> Texts(JsonObject invocation) => ByKey(invocation, data => data.ToJsonString());
    }

    [Fact]
    public void What_comes_unpacked_to_a_consumer_of_its_own_says_the_same()
    {
        var packed = Invocations.Json("FilterCritical", "FilterCritical/normal.json");
        var unpacked = Invocations.Json("FilterCritical", "FilterCritical/unpacked.json");
        Assert.True(JsonNode.DeepEquals(packed["streams"], unpacked["streams"]));
    }

    [Theory]
    [InlineData("Validate", "Enrich")]
    [InlineData("Enrich", "FilterCritical")]
    [InlineData("FilterCritical", "Route")]
    public void A_function_s_normal_payload_is_what_the_one_before_makes_of_its_own(string before, string function)
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "geo", "iptoasn-country.mmdb")))
        {
            Tools.Lack("The country database is not there: a build with npm and a network fetches it.");
        }
        using var batch = new RecordBatch();
        batch.Read(PayloadFiles.Read($"{function}/normal.json"));
        var read = Enumerable.Range(0, batch.EventCount).Select(i => batch.EventAt(i)).Select(
            e => $"{Encoding.UTF8.GetString(e.PartitionKey.Span)} {JsonNode.Parse(e.Data.Span)!.ToJsonString()}");
        Assert.Equal(
            read,
            Invocations.Events(Invocations.Json(before, $"{before}/normal.json"))
                .Select(e => $"{e.Key} {e.Data.ToJsonString()}"));
    }

    [Fact]
    public void The_commands_that_route_asks_for_are_among_those_carried_out()
    {
        var sent = Invocations.Json("Route", "Route/normal.json")["queues"]!.AsObject()
            .SelectMany(queue => queue.Value!.AsArray()).Select(message => (string)message!["body"]!["id"]!);
        string[] payloads =
            ["ExecuteHigh/normal", "ExecuteHigh/block-address", "ExecuteNormal/normal", "ExecuteLow/normal"];
        var delivered =
            from payload in payloads
            from message in JsonNode.Parse(PayloadFiles.Read(payload + ".json"))!["Records"]!.AsArray()
            select (string)JsonNode.Parse((string)message["body"]!)!["id"]!;
        Assert.Empty(sent.Except(delivered));
    }

    [Theory]
    [InlineData("ExecuteNormal")]
    [InlineData("ExecuteLow")]
    public void A_batch_of_each_command_opens_and_closes_an_incident_notifies_and_blocks(string function)
    {
        using var folder = new OutputFolder();
        Invocations.Json(function, $"{function}/normal.json", folder.Path);
        var files = folder.Files();
        Assert.Equal("closed", (string?)JsonNode.Parse(files["incidents/search.json"])!["state"]);
        Assert.Equal(
            "86.96.88.2", (string?)JsonNode.Parse(files["blocklist.json"])!["addresses"]![0]!["address"]);
        Assert.Single(files.Keys, key => key.StartsWith("notifications/", StringComparison.Ordinal));
    }

    /// <summary>What an invocation put, in the order of each partition key.</summary>
    private static IEnumerable<string> ByKey(JsonObject invocation, Func<JsonObject, string> what) =>
        Invocations.Events(invocation).GroupBy(e => e.Key, e => what(e.Data), StringComparer.Ordinal)
            .OrderBy(key => key.Key, StringComparer.Ordinal)
            .Select(key => $"{key.Key}: {string.Join(' ', key)}");
}
