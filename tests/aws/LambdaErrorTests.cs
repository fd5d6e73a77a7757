using System.Text.Json;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>What becomes of errors: of the handler, of the start, and of the Runtime API itself.</summary>
[Collection(Running.OneAtATime)]
public sealed class LambdaErrorTests
{
    [Fact]
    public async Task An_exception_of_the_handler_is_the_error_of_its_invocation_and_the_next_one_is_asked_for()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Throwing(() => Thrown("Größe »∞« fehlt 🙂\nzweite Zeile")));
        server.Invoke("bad", "{}");
        var post = await server.PostAsync();
        Assert.Equal(RuntimeApiServer.Root + "invocation/bad/error", post.Path);
        Assert.Equal("InvalidDataException", post.Headers["Lambda-Runtime-Function-Error-Type"]);
        Assert.Equal("application/vnd.aws.lambda.error+json", post.Headers["Content-Type"]);
        var error = Parse(post);
        Assert.Equal("InvalidDataException", error.GetProperty("errorType").GetString());
        Assert.Equal("Größe »∞« fehlt 🙂\nzweite Zeile", error.GetProperty("errorMessage").GetString());
        Assert.Contains(nameof(Thrown), error.GetProperty("stackTrace")[0].GetString());
        Assert.False(error.TryGetProperty("cause", out _));

        server.Invoke("next", "{}");
        Assert.Equal(RuntimeApiServer.Root + "invocation/next/error", (await server.PostAsync()).Path);
    }

    [Fact]
    public async Task A_type_of_any_name_is_reported()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Throwing(() => throw new ÜberlaufException()));
        server.Invoke("bad", "{}");
        var post = await server.PostAsync();
        Assert.Equal("?berlaufException", post.Headers["Lambda-Runtime-Function-Error-Type"]);
        Assert.Equal("ÜberlaufException", Parse(post).GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task Causes_stand_in_the_error()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Throwing(() => throw new AggregateException(
            "two", new InvalidDataException("one", new IOException("its cause")), new IOException("other"))));
        server.Invoke("bad", "{}");
        var error = Parse(await server.PostAsync());
        Assert.Equal("one", error.GetProperty("cause").GetProperty("errorMessage").GetString());
        var causes = error.GetProperty("causes");
        Assert.Equal("its cause", causes[0].GetProperty("cause").GetProperty("errorMessage").GetString());
        Assert.Equal("IOException", causes[1].GetProperty("errorType").GetString());
    }

    [Fact]
    public async Task A_message_with_half_a_character_is_reported_all_the_same()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Throwing(() => Thrown("half \ud83d of it")));
        server.Invoke("bad", "{}");
        Assert.Equal("half \ufffd of it", Parse(await server.PostAsync()).GetProperty("errorMessage").GetString());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("🙂")]
    public async Task An_error_too_long_is_cut_to_what_Lambda_takes(string character)
    {
        using var server = new RuntimeApiServer();
        var message = string.Concat(Enumerable.Repeat(character, 400_000));
        await using var running = Running.Start(
            server, Throwing(() => throw new InvalidDataException(message, new IOException(message))));
        server.Invoke("bad", "{}");
        var post = await server.PostAsync();
        Assert.InRange(post.Body.Length, 1000, 256 * 1024);
        var error = Parse(post);
        Assert.Equal("InvalidDataException", error.GetProperty("errorType").GetString());
        var cut = error.GetProperty("errorMessage").GetString()!;
        Assert.StartsWith(cut.TrimEnd('…'), message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_at_the_start_is_reported_and_ends_everything()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(
            server,
            LambdaBootstrapBuilder.Create(Throwing(() => { })).UseBootstrapHandler(
                () => throw new InvalidDataException("no such file")));
        var post = await server.PostAsync();
        Assert.Equal(RuntimeApiServer.Root + "init/error", post.Path);
        Assert.Equal("no such file", Parse(post).GetProperty("errorMessage").GetString());
        Assert.Equal(
            "no such file", (await Assert.ThrowsAsync<InvalidDataException>(() => running.Task)).Message);
    }

    [Fact]
    public async Task A_start_that_declines_ends_without_an_error()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(
            server,
            LambdaBootstrapBuilder.Create(Throwing(() => { })).UseBootstrapHandler(() => Task.FromResult(false)));
        await running.Task;
    }

    [Theory]
    [InlineData(400, """{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}""")]
    [InlineData(403, """{"errorMessage":"State transition failed","errorType":"InvalidStateTransition"}""")]
    [InlineData(413, """{"errorMessage":"Exceeded maximum payload size","errorType":"RequestEntityTooLarge"}""")]
    public async Task An_answer_that_is_refused_ends_its_invocation_and_no_other(int status, string body)
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult<Stream>(new MemoryStream([1])));
        await server.AskedAsync();
        server.Refuse(status, body);
        server.Invoke($"refused-{status}", "{}");
        Assert.EndsWith("/response", (await server.PostAsync()).Path);

        // After a refusal the invocation is over: an error on top would be refused as well.
        await server.AskedAsync();
        server.Invoke("next", "{}");
        Assert.Equal(RuntimeApiServer.Root + "invocation/next/response", (await server.PostAsync()).Path);
        Assert.Contains($"refused-{status}\tfail\tThe Runtime API refused the response: {status} ", running.Log);
        Assert.Contains(body, running.Log);
    }

    [Fact]
    public async Task An_error_that_is_refused_ends_its_invocation_and_no_other()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Throwing(() => Thrown("late")));
        server.Refuse(403, "{}");
        server.Invoke("late", "{}");
        Assert.EndsWith("/error", (await server.PostAsync()).Path);
        server.Invoke("next", "{}");
        Assert.Equal(RuntimeApiServer.Root + "invocation/next/error", (await server.PostAsync()).Path);
    }

    [Fact]
    public async Task Nothing_goes_on_when_the_Runtime_API_fails_to_take_an_answer()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.Refuse(500, "Container error");
        server.Invoke("a", "{}");
        var failure = await Assert.ThrowsAsync<RuntimeApiClientException>(() => running.Task);
        Assert.Equal((500, "Container error"), (failure.StatusCode, failure.Response));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    public async Task Nothing_goes_on_when_the_Runtime_API_gives_no_invocation(int status)
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.AnswerNext(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        Assert.Equal(status, (await Assert.ThrowsAsync<RuntimeApiClientException>(() => running.Task)).StatusCode);
    }

    [Fact]
    public async Task An_invocation_without_a_request_id_cannot_be_answered()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.AnswerNext(context => Task.CompletedTask);
        var failure = await Assert.ThrowsAsync<RuntimeApiClientException>(() => running.Task);
        Assert.Contains("request id", failure.Message);
    }

    [Fact]
    public async Task A_Runtime_API_that_dies_ends_the_loop()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        await server.AskedAsync();
        server.Die();
        await Assert.ThrowsAsync<HttpRequestException>(() => running.Task);
    }

    [Fact]
    public async Task A_Runtime_API_that_dies_in_the_middle_of_a_payload_ends_the_loop()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.AnswerNext(async context =>
        {
            context.Response.ContentLength = 100;
            context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = "half";
            await context.Response.Body.WriteAsync(new byte[50]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => running.Task);
        Assert.True(failure is IOException or HttpRequestException, failure.ToString());
    }

    private static Func<Stream, ILambdaContext, Task<Stream>> Throwing(Action action) => (_, _) =>
    {
        action();
        return Task.FromResult(Stream.Null);
    };

    private static void Thrown(string message) => throw new InvalidDataException(message);

    private static JsonElement Parse(RuntimePost post) => JsonDocument.Parse(post.Body).RootElement;

    private sealed class ÜberlaufException : Exception;
}
