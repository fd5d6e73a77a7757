using System.Text;
using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>The loop on the Runtime API: one invocation after the other, each answered once.</summary>
[Collection(Running.OneAtATime)]
public sealed class LambdaBootstrapTests
{
    private const int SixMebibytes = 6 * 1024 * 1024;

    [Fact]
    public async Task An_invocation_is_answered_with_what_the_handler_makes_of_it()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Echo);
        server.Invoke("8476a536-e9f4-11e8-9739-2dfe598c3fcd", """{"text":"größer"}""");

        var post = await server.PostAsync();
        Assert.Equal(
            RuntimeApiServer.Root + "invocation/8476a536-e9f4-11e8-9739-2dfe598c3fcd/response", post.Path);
        Assert.Equal("""{"text":"größer"}""", post.Text);
        Assert.Equal("application/json", post.Headers["Content-Type"]);
        Assert.Equal($"{post.Body.Length}", post.Headers["Content-Length"]);
    }

    [Fact]
    public async Task One_process_answers_many_invocations_whatever_their_sizes()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Echo);
        foreach (var length in (int[])[10, 200_000, 0, 70_000, 65_536, 65_537, 131_072, 1])
        {
            var payload = Payload(length);
            server.Invoke($"r{length}", payload);
            var post = await server.PostAsync();
            Assert.Equal(RuntimeApiServer.Root + $"invocation/r{length}/response", post.Path);
            Assert.Equal(payload, post.Body);
        }
    }

    [Fact]
    public async Task A_payload_and_a_response_may_be_as_large_as_Lambda_lets_them()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Echo);
        var payload = Payload(SixMebibytes);
        server.Invoke("large", payload);
        server.Invoke("again", payload);
        Assert.Equal(payload, (await server.PostAsync()).Body);
        Assert.Equal(payload, (await server.PostAsync()).Body);
    }

    [Fact]
    public async Task A_payload_may_come_without_its_length()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Echo);
        var payload = Payload(300_000);
        server.AnswerNext(async context =>
        {
            context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = "chunked";
            for (var at = 0; at < payload.Length; at += 100_000)
            {
                await context.Response.Body.WriteAsync(payload.AsMemory(at, 100_000));
                await context.Response.Body.FlushAsync();
            }
        });
        Assert.Equal(payload, (await server.PostAsync()).Body);
    }

    [Fact]
    public async Task Waiting_for_an_invocation_has_no_end()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Echo);
        await server.AskedAsync();
        Assert.Equal(Timeout.InfiniteTimeSpan, running.Client.Timeout);
        server.Invoke("late", "1");
        Assert.Equal("1", (await server.PostAsync()).Text);
    }

    [Fact]
    public async Task A_handler_without_a_response_answers_nothing()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.Invoke("empty", "{}");
        Assert.Empty((await server.PostAsync()).Body);
    }

    [Fact]
    public async Task A_typed_handler_gets_and_gives_what_its_serializer_makes()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(
            server,
            LambdaBootstrapBuilder.Create<string, string>(
                (text, _) => Task.FromResult(text.ToUpperInvariant()), new TextSerializer()));
        server.Invoke("a", "one, and longer");
        Assert.Equal("ONE, AND LONGER", (await server.PostAsync()).Text);
        server.Invoke("b", "two");
        Assert.Equal("TWO", (await server.PostAsync()).Text);
    }

    [Fact]
    public async Task A_typed_handler_may_have_no_result()
    {
        using var server = new RuntimeApiServer();
        var received = new List<string>();
        await using var running = Running.Start(
            server,
            LambdaBootstrapBuilder.Create<string>(
                (text, _) =>
                {
                    received.Add(text);
                    return Task.CompletedTask;
                },
                new TextSerializer()));
        server.Invoke("a", "one");
        Assert.Empty((await server.PostAsync()).Body);
        Assert.Equal(["one"], received);
    }

    [Fact]
    public async Task A_response_is_closed_once_it_was_sent()
    {
        using var server = new RuntimeApiServer();
        using var response = new MemoryStream([(byte)'1']);
        await using var running = Running.Start(server, (_, _) => Task.FromResult<Stream>(response));
        await server.AskedAsync();
        server.Invoke("a", "{}");
        Assert.Equal("1", (await server.PostAsync()).Text);
        await server.AskedAsync();
        Assert.False(response.CanRead);
    }

    [Fact]
    public async Task A_response_is_sent_from_where_its_stream_stands()
    {
        using var server = new RuntimeApiServer();
        var response = new MemoryStream([(byte)'1', (byte)'2', (byte)'3']) { Position = 1 };
        await using var running = Running.Start(server, (_, _) => Task.FromResult<Stream>(response));
        server.Invoke("a", "{}");
        Assert.Equal("23", (await server.PostAsync()).Text);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_for_an_invocation()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, Echo);
        await server.AskedAsync();
        await running.StopAsync();
    }

    [Fact]
    public async Task An_invocation_under_way_is_answered_before_cancellation_ends_the_loop()
    {
        using var server = new RuntimeApiServer();
        var release = new TaskCompletionSource<Stream>();
        var entered = new TaskCompletionSource();
        await using var running = Running.Start(server, (_, _) =>
        {
            entered.SetResult();
            return release.Task;
        });
        server.Invoke("slow", "{}");
        await entered.Task;
        var stopped = running.StopAsync();
        Assert.False(stopped.IsCompleted);
        release.SetResult(new MemoryStream([(byte)'7']));
        Assert.Equal("7", (await server.PostAsync()).Text);
        await stopped;
    }

    private static byte[] Payload(int length)
    {
        var payload = new byte[length];
        for (var at = 0; at < length; at++)
        {
            payload[at] = (byte)('a' + (at % 23));
        }
        return payload;
    }

    private static async Task<Stream> Echo(Stream payload, ILambdaContext context)
    {
        var response = new MemoryStream();
        await payload.CopyToAsync(response);
        response.Position = 0;
        return response;
    }

    private sealed class TextSerializer : ILambdaSerializer
    {
        public T Deserialize<T>(Stream requestStream) =>
            (T)(object)new StreamReader(requestStream, Encoding.UTF8).ReadToEnd();

        public void Serialize<T>(T response, Stream responseStream) =>
            responseStream.Write(Encoding.UTF8.GetBytes((string)(object)response!));
    }
}
