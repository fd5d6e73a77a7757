using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Pipeline.Engine.Loopback;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>A request that a runtime posted.</summary>
internal sealed record RuntimePost(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>
/// Lambda's Runtime API on the loopback interface: invocations are what a test says, and so is what becomes of answers.
/// </summary>
/// <remarks>Source: "Using the Lambda runtime API for custom runtimes", Lambda Developer Guide.</remarks>
internal sealed class RuntimeApiServer : IDisposable
{
    public const string Root = "/2018-06-01/runtime/";

    /// <summary>No test waits longer for a runtime that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();
    private readonly Channel<RequestDelegate> _invocations = Channel.CreateUnbounded<RequestDelegate>();
    private readonly Channel<RuntimePost> _posts = Channel.CreateUnbounded<RuntimePost>();
    private readonly Queue<(int Status, string Body)> _refusals = [];

    private readonly LoopbackListener _listener;
    private int _invoked;

    public RuntimeApiServer() => _listener = new LoopbackListener(ProcessAsync);

    /// <summary>Host and port, as <c>AWS_LAMBDA_RUNTIME_API</c> holds them.</summary>
    public string Endpoint => _listener.Address.Authority;

    /// <summary>Gives an invocation to whoever asks next.</summary>
    public void Invoke(string requestId, byte[] payload, params (string Name, string Value)[] headers) =>
        AnswerNext(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = payload.Length;
            context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = requestId;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }
            await context.Response.Body.WriteAsync(payload);
        });

    public void Invoke(string requestId, string payload, params (string Name, string Value)[] headers) =>
        Invoke(requestId, Encoding.UTF8.GetBytes(payload), headers);

    /// <summary>Invokes whoever asks next, with a minute's time; answers its response, which is no error.</summary>
    public async Task<string> AnswerAsync(string payload)
    {
        var id = $"request-{++_invoked}";
        Invoke(id, payload, ("Lambda-Runtime-Deadline-Ms", $"{InAMinute()}"));
        var post = await PostAsync();
        Assert.Equal($"{Root}invocation/{id}/response", post.Path);
        return post.Text;
    }

    /// <summary>Answers whoever asks for an invocation next.</summary>
    public void AnswerNext(RequestDelegate answer) => Assert.True(_invocations.Writer.TryWrite(answer));

    /// <summary>Refuses the next post that is not refused yet.</summary>
    public void Refuse(int status, string body) => _refusals.Enqueue((status, body));

    /// <summary>Waits until an invocation is asked for.</summary>
    public async Task AskedAsync() => await _asked.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Waits for the next post.</summary>
    public async Task<RuntimePost> PostAsync() => await _posts.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Breaks off all connections and listens no more.</summary>
    public void Die() => _listener.Dispose();

    public void Dispose() => _listener.Dispose();

    private async Task ProcessAsync(HttpContext context)
    {
        if (context.Request.Method == "GET" && context.Request.Path == Root + "invocation/next")
        {
            Assert.True(_asked.Writer.TryWrite(context.Request.Path));
            var answer = await _invocations.Reader.ReadAsync(context.RequestAborted);
            await answer(context);
            return;
        }
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var refused = _refusals.TryDequeue(out var refusal);
        context.Response.StatusCode = refused ? refusal.Status : StatusCodes.Status202Accepted;
        Assert.True(_posts.Writer.TryWrite(new RuntimePost(context.Request.Path.Value!, headers, body.ToArray())));
        await context.Response.WriteAsync(refused ? refusal.Body : """{"status":"OK"}""");
    }

    // RS0030: the process under test has the machine's clock, so its deadline is by the same.
#pragma warning disable RS0030
    private static long InAMinute() => DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds();
#pragma warning restore RS0030
}
