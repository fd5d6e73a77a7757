using System.Text.Json;
using Amazon.Lambda.Core;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>What a handler logs, in the two forms that Lambda knows.</summary>
[Collection(Running.OneAtATime)]
public sealed class LambdaLogTests
{
    private static readonly (string, string) Json = ("AWS_LAMBDA_LOG_FORMAT", "JSON");

    [Fact]
    public async Task A_message_is_a_line_of_time_request_level_and_text()
    {
        var lines = await LoggedAsync(logger =>
        {
            logger.LogTrace("too little to tell");
            logger.LogDebug("too little to tell");
            logger.LogInformation("größer");
            logger.LogWarning("warned");
            logger.LogError("failed");
            logger.LogCritical("fatal");
            logger.LogLine("plain");
            logger.Log("Audit", "of no known level");
        });
        Assert.Equal(
            ["info\tgrößer", "warn\twarned", "fail\tfailed", "crit\tfatal", "info\tplain", "Audit\tof no known level"],
            lines.Select(line => line[line.IndexOf("logged", StringComparison.Ordinal)..]["logged\t".Length..]));
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\tlogged\t", line));
    }

    [Theory]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "TRACE", 6)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "DEBUG", 5)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "INFO", 4)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "WARN", 3)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "ERROR", 2)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "FATAL", 1)]
    [InlineData("AWS_LAMBDA_LOG_LEVEL", "loud", 4)]
    [InlineData("AWS_LAMBDA_HANDLER_LOG_LEVEL", "Debug", 5)]
    public async Task Messages_below_the_level_are_left_out(string variable, string level, int expected)
    {
        var lines = await LoggedAsync(
            logger =>
            {
                foreach (var each in Enum.GetValues<LogLevel>())
                {
                    logger.Log(each, "message");
                }
            },
            (variable, level));
        Assert.Equal(expected, lines.Count);
    }

    [Fact]
    public async Task In_JSON_a_message_is_an_object()
    {
        var line = Assert.Single(await LoggedAsync(logger => logger.LogWarning("größer\nals"), Json));
        Assert.Contains("größer\\nals", line);
        using var document = JsonDocument.Parse(line);
        var names = document.RootElement.EnumerateObject().Select(member => member.Name);
        Assert.Equal(["timestamp", "level", "requestId", "traceId", "message"], names);
        Assert.Equal("Warning", document.RootElement.GetProperty("level").GetString());
        Assert.Equal("logged", document.RootElement.GetProperty("requestId").GetString());
        Assert.Equal("Root=1", document.RootElement.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task In_JSON_an_exception_of_the_handler_is_an_object_too()
    {
        var line = Assert.Single(await LoggedAsync(_ => throw new InvalidDataException("no"), Json));
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        Assert.Equal("Error", root.GetProperty("level").GetString());
        Assert.Equal("System.IO.InvalidDataException", root.GetProperty("errorType").GetString());
        Assert.Equal("no", root.GetProperty("errorMessage").GetString());
        Assert.NotEqual(0, root.GetProperty("stackTrace").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_format_a_message_is_itself()
    {
        (string, string) unformatted = ("AWS_LAMBDA_HANDLER_LOG_FORMAT", "Unformatted");
        Assert.Equal(["just logged"], await LoggedAsync(logger => logger.LogInformation("just logged"), unformatted));
    }

    /// <summary>The lines that name the request.</summary>
    private static async Task<List<string>> LoggedAsync(
        Action<ILambdaLogger> log, params (string, string)[] variables)
    {
        using var environment = new ProcessEnvironment(variables);
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, context) =>
        {
            log(context.Logger);
            return Task.FromResult(Stream.Null);
        });
        server.Invoke("logged", "{}", ("Lambda-Runtime-Trace-Id", "Root=1"));
        await server.PostAsync();
        return [.. running.Log.Split('\n').Where(line => line.Contains("logged", StringComparison.Ordinal))];
    }
}
