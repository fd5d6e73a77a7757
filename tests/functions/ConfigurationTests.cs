using Pipeline.Core;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Validate;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>
/// A mistake in what a user edits stops the start, and the message says where, what was found and what is allowed.
/// </summary>
public sealed class ConfigurationTests : IDisposable
{
    private const string Deploy = "schemas/deploy.finished.schema.json";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("config");
    private readonly PumpBench _bench = new();

    public ConfigurationTests()
    {
        var config = Repository.PathOf("functions", "config");
        foreach (var file in Directory.EnumerateFiles(config, "*", SearchOption.AllDirectories))
        {
            var copy = PathOf(Path.GetRelativePath(config, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void The_configuration_as_it_is_starts_every_function() =>
        Assert.Equal(
            [
                "Enrich", "ExecuteHigh", "ExecuteLow", "ExecuteNormal", "FilterCritical", "Route", "Validate",
            ],
            Catalogue.Names.Where(name => Start(name).Name == name));

    [Theory]
    [InlineData("Validate", "pipeline.json", """{"dedupHorizon":"PT1H"}""",
        "#/dedupHorizon: unknown member; "
        + "allowed are allowedDisorder, dedupeHorizon, clockSkewMax, idleAfter, earlyEvery, unknownType.")]
    [InlineData("Validate", "pipeline.json", """{"a/b~c":1}""",
        "#/a~1b~0c: unknown member; allowed are allowedDisorder, ")]
    [InlineData("Validate", "pipeline.json", """{"allowedDisorder":"1m"}""",
        "#/allowedDisorder: found \"1m\"; allowed is a duration from PT0S to P1D, such as PT1M.")]
    [InlineData("Validate", "pipeline.json", """{"allowedDisorder":60}""",
        "#/allowedDisorder: found 60; allowed is a duration from PT0S to P1D, such as PT1M.")]
    [InlineData("Validate", "pipeline.json", """{"dedupeHorizon":"P8D"}""",
        "#/dedupeHorizon: found \"P8D\"; allowed is a duration from PT0S to P7D, such as PT1M.")]
    [InlineData("Validate", "pipeline.json", """{"clockSkewMax":"-PT1S"}""",
        "#/clockSkewMax: found \"-PT1S\"; allowed is a duration")]
    [InlineData("Validate", "pipeline.json", """{"idleAfter":"P99999999999999999999D"}""", "#/idleAfter: found ")]
    [InlineData("Validate", "pipeline.json", """{"idleAfter":"P999999999D"}""", "#/idleAfter: found ")]
    [InlineData("Validate", "pipeline.json", """{"earlyEvery":{}}""", "#/earlyEvery: found {}; allowed is a duration")]
    [InlineData("Validate", "pipeline.json", """{"unknownType":"Reject"}""",
        "#/unknownType: found \"Reject\"; allowed is reject or accept.")]
    [InlineData("Validate", "pipeline.json", """{"unknownType":null}""",
        "#/unknownType: found null; allowed is reject or accept.")]
    [InlineData("Validate", "pipeline.json", "[]", ": found []; allowed is an object.")]
    [InlineData("Validate", "pipeline.json", "null", ": found null; allowed is an object.")]
    [InlineData("Validate", "pipeline.json", "", ", line 1, byte 1: not JSON (")]
    [InlineData("Validate", "pipeline.json", "{\n  \"idleAfter\": PT1M\n}",
        ", line 2, byte 16: not JSON ('P' is an invalid start of a value")]
    [InlineData("Validate", "pipeline.json", "{\n  // idle\n}", ", line 2, byte 3: not JSON (")]
    [InlineData("Validate", "pipeline.json", "{\"idleAfter\":\"PT1M\",}", ", line 1, byte 21: not JSON (")]
    [InlineData("Validate", "pipeline.json", "{}{}", ", line 1, byte 3: not JSON (")]
    [InlineData("Validate", "pipeline.json", """{"idleAfter":"PT1M","idleAfter":"PT1M"}""",
        "#/idleAfter: the object has a member of that name already; allowed is each member once.")]
    [InlineData("Validate", "pipeline.json", """{"a":[0,{"b":{},"b":1}]}""",
        "#/a/1/b: the object has a member of that name already")]
    [InlineData("Enrich", "enrich.json", """{"IP":"data.ip"}""",
        "#/IP: unknown member; allowed are ip, blockListStaleness.")]
    [InlineData("Enrich", "enrich.json", """{"ip":["data.ip"]}""", "#/ip: found [\"data.ip\"]; allowed is a string.")]
    [InlineData("Enrich", "enrich.json", """{"ip":"data..ip"}""",
        "#/ip: found \"data..ip\"; allowed is a path such as data.ip")]
    [InlineData("Enrich", "enrich.json", """{"ip":""}""", "#/ip: found \"\"; allowed is a path such as data.ip")]
    [InlineData("Enrich", "enrich.json", """{"blockListStaleness":"PT2H"}""",
        "#/blockListStaleness: found \"PT2H\"; allowed is a duration from PT0S to PT1H, such as PT1M.")]
    [InlineData("ExecuteHigh", "execute.json", """{"blockfor":"PT1H"}""",
        "#/blockfor: unknown member; allowed are blockFor, allow, blockedAddressesMax.")]
    [InlineData("ExecuteHigh", "execute.json", """{"blockFor":24}""",
        "#/blockFor: found 24; allowed is a duration from PT0S to P3650D, such as PT1M.")]
    [InlineData("ExecuteNormal", "execute.json", """{"blockedAddressesMax":0}""",
        "#/blockedAddressesMax: found 0; allowed is a whole number from 1 to 100000.")]
    [InlineData("ExecuteNormal", "execute.json", """{"blockedAddressesMax":100001}""",
        "#/blockedAddressesMax: found 100001; allowed is a whole number from 1 to 100000.")]
    [InlineData("ExecuteNormal", "execute.json", """{"blockedAddressesMax":1.5}""",
        "#/blockedAddressesMax: found 1.5; allowed is a whole number from 1 to 100000.")]
    [InlineData("ExecuteNormal", "execute.json", """{"blockedAddressesMax":"10"}""",
        "#/blockedAddressesMax: found \"10\"; allowed is a whole number from 1 to 100000.")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":"10.0.0.0/8"}""",
        "#/allow: found \"10.0.0.0/8\"; allowed is an array of strings.")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":["9.0.0.0/8",7]}""",
        "#/allow/1: found 7; allowed is a network without bits beyond its mask, such as 203.0.113.0/24 or ")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":["203.0.113.7/24"]}""",
        "#/allow/0: found \"203.0.113.7/24\"; allowed is a network without bits beyond its mask")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":["203.0.113.7"]}""", "#/allow/0: found ")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":["010.0.0.0/8"]}""", "#/allow/0: found ")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":["10/32"]}""", "#/allow/0: found ")]
    [InlineData("ExecuteLow", "execute.json", """{"allow":["::ffff:9.0.0.0/104"]}""", "#/allow/0: found ")]
    [InlineData("Enrich", "enrich.json", "data.ip", ", line 1, byte 1: not JSON (")]
    [InlineData("Enrich", "enrich.json", """{"ip":"a","ip":"b"}""",
        "#/ip: the object has a member of that name already")]
    [InlineData("Validate", Deploy, """{"type":"object","propertys":{}}""",
        "#/propertys: unknown keyword 'propertys'; allowed are ")]
    [InlineData("Validate", Deploy, """{"type":7}""", "#/type: found 7; allowed is ")]
    [InlineData("Validate", Deploy, "{\"type\":}", ": ")]
    [InlineData("Validate", Deploy, """{"type":"object","type":"object"}""",
        "#/type: the object has a member of that name already")]
    public void A_mistake_names_file_place_what_was_found_and_what_is_allowed(
        string function, string file, string text, string expected)
    {
        File.WriteAllText(PathOf(file), text);

        Assert.StartsWith($"functions/config/{file}{expected}", MistakeOf(function), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Validate", "pipeline.json")]
    [InlineData("Enrich", "enrich.json")]
    [InlineData("ExecuteHigh", "execute.json")]
    public void A_file_that_is_missing_is_named(string function, string file)
    {
        File.Delete(PathOf(file));

        Assert.Equal($"functions/config/{file}: the file is missing.", MistakeOf(function));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        Directory.Delete(PathOf("schemas"), recursive: true);
        Assert.Equal(
            $"There is no folder '{PathOf("schemas")}'; it holds one <type>.schema.json for each event type.",
            MistakeOf("Validate"));

        Directory.Delete(PathOf(""), recursive: true);
        Assert.Equal(
            $"There is no folder '{Path.Combine(_root.FullName, "config")}'; it holds what a user edits.",
            MistakeOf("Enrich"));
    }

    [Fact]
    public void Rules_that_are_not_said_are_those_of_the_documentation()
    {
        File.WriteAllText(PathOf("pipeline.json"), "{}");
        File.WriteAllText(PathOf("enrich.json"), "{}");
        File.WriteAllText(PathOf("execute.json"), "{}");
        var config = ConfigFolder.Open(Settings());

        Assert.Equal(ValidateBench.Config.Pipeline(), config.Pipeline());
        Assert.Equal(
            new PipelineRules(
                TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), null,
                UnknownType.Reject),
            config.Pipeline());
        Assert.Equal("data.ip", config.Enrich().Ip.ToString());
        Assert.Equal(TimeSpan.FromSeconds(10), config.Enrich().BlockListStaleness);
        Assert.All([config.Execute(), ValidateBench.Config.Execute()], rules =>
        {
            Assert.Equal((TimeSpan.FromHours(24), 10_000), (rules.BlockFor, rules.BlockedAddressesMax));
            Assert.Empty(rules.Allow);
        });
    }

    [Fact]
    public void Rules_that_are_said_hold()
    {
        File.WriteAllText(
            PathOf("pipeline.json"),
            """
            {"allowedDisorder":"PT0S","dedupeHorizon":"P7D","clockSkewMax":"PT2M30S","idleAfter":"PT1H",
             "earlyEvery":"PT10S","unknownType":"accept"}
            """);
        File.WriteAllText(
            PathOf("execute.json"),
            """{"blockFor":"PT1H","allow":["203.0.113.0/24","2001:DB8:0::/32"],"blockedAddressesMax":7}""");
        File.WriteAllText(PathOf("enrich.json"), """{"blockListStaleness":"PT0S"}""");

        Assert.Equal(
            new PipelineRules(
                TimeSpan.Zero, TimeSpan.FromDays(7), TimeSpan.FromSeconds(150), TimeSpan.FromHours(1),
                TimeSpan.FromSeconds(10), UnknownType.Accept),
            ConfigFolder.Open(Settings()).Pipeline());
        var execute = ConfigFolder.Open(Settings()).Execute();
        Assert.Equal((TimeSpan.FromHours(1), 7), (execute.BlockFor, execute.BlockedAddressesMax));
        Assert.Equal(["203.0.113.0/24", "2001:db8::/32"], execute.Allow.Select(network => network.ToString()));
        Assert.Equal(TimeSpan.Zero, ConfigFolder.Open(Settings()).Enrich().BlockListStaleness);
    }

    [Theory]
    [InlineData("OUTPUT_STREAM", "", "the setting OUTPUT_STREAM is missing.")]
    [InlineData("OUTPUT_STREAM", null, "the setting OUTPUT_STREAM is missing.")]
    [InlineData("LAMBDA_TASK_ROOT", null, "the setting LAMBDA_TASK_ROOT is missing.")]
    [InlineData("FUNCTION_TIMEOUT_SECONDS", null, "the setting FUNCTION_TIMEOUT_SECONDS is missing.")]
    [InlineData("FUNCTION_TIMEOUT_SECONDS", "0",
        "the setting FUNCTION_TIMEOUT_SECONDS is '0'; allowed is a whole number from 1 to 900.")]
    [InlineData("FUNCTION_TIMEOUT_SECONDS", "901",
        "the setting FUNCTION_TIMEOUT_SECONDS is '901'; allowed is a whole number from 1 to 900.")]
    [InlineData("FUNCTION_TIMEOUT_SECONDS", "60s",
        "the setting FUNCTION_TIMEOUT_SECONDS is '60s'; allowed is a whole number from 1 to 900.")]
    [InlineData("FUNCTION_TIMEOUT_SECONDS", " 60",
        "the setting FUNCTION_TIMEOUT_SECONDS is ' 60'; allowed is a whole number from 1 to 900.")]
    [InlineData("SLOTS", "0", "the setting SLOTS is '0'; allowed is a whole number from 1 to 65536.")]
    [InlineData("SLOTS", "131072", "the setting SLOTS is '131072'; allowed is a whole number from 1 to 65536.")]
    [InlineData("SLOTS", "100", "the setting SLOTS is '100'; allowed is a power of two from 1 to 65536.")]
    public void A_wrong_setting_is_named_with_its_value_and_what_is_allowed(string name, string? value, string expected)
    {
        // Only a filter between streams has an output stream.
        var isOfStreams = name is "OUTPUT_STREAM" or "SLOTS";
        var readers = Catalogue.Names.Where(function => !isOfStreams
            || !(function == "Route" || function.StartsWith("Execute", StringComparison.Ordinal)));
        Assert.All(readers, function => Assert.Equal(
            $"Function {function}: {expected}",
            Assert.Throws<ConfigurationException>(() => Start(function, (name, value))).Message));
    }

    [Theory]
    [InlineData("QUEUE_HIGH")]
    [InlineData("QUEUE_NORMAL")]
    [InlineData("QUEUE_LOW")]
    public void A_queue_that_is_not_set_is_named(string name) => Assert.Equal(
        $"Function Route: the setting {name} is missing.",
        Assert.Throws<ConfigurationException>(() => Start("Route", (name, null))).Message);

    [Fact]
    public void Route_needs_no_stream_to_write_to() =>
        Assert.Equal("Route", Start("Route", ("OUTPUT_STREAM", null), ("SLOTS", null)).Name);

    [Fact]
    public void A_function_that_does_not_exist_is_named_with_those_that_do() => Assert.Equal(
        "There is no function 'validate'; there are Enrich, ExecuteHigh, ExecuteLow, ExecuteNormal, FilterCritical,"
        + " Route, Validate.",
        Assert.Throws<ConfigurationException>(() => Catalogue.Find("validate")).Message);

    private string PathOf(string file) => Path.Combine(_root.FullName, "config", file);

    private Settings Settings() =>
        new("Test", new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = _root.FullName });

    private string MistakeOf(string function) =>
        Assert.Throws<ConfigurationException>(() => Start(function)).Message;

    private LambdaFunction Start(string function, params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var environment = new Dictionary<string, string>
        {
            ["OUTPUT_STREAM"] = "output",
            ["SLOTS"] = "128",
            ["QUEUE_HIGH"] = "high",
            ["QUEUE_NORMAL"] = "normal",
            ["QUEUE_LOW"] = "low",
            ["FUNCTION_TIMEOUT_SECONDS"] = "60",
            ["LAMBDA_TASK_ROOT"] = _root.FullName,
        };
        foreach (var (name, value) in changes)
        {
            environment.Remove(name);
            if (value is not null)
            {
                environment[name] = value;
            }
        }
        return Catalogue.Find(function)(environment, _bench.Ports, _bench.Scheduler.Clock);
    }
}
