using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Pipeline.Engine.Loopback;

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

    /// <summary>Answers whoever asks for an invocation next.</summary>
    public void AnswerNext(RequestDelegate answer) => Assert(_invocations.Writer.TryWrite(answer));

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
            Assert(_asked.Writer.TryWrite(context.Request.Path));
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
        Assert(_posts.Writer.TryWrite(new RuntimePost(context.Request.Path.Value!, headers, body.ToArray())));
        await context.Response.WriteAsync(refused ? refusal.Body : """{"status":"OK"}""");
    }

    private static void Assert(bool written) => Xunit.Assert.True(written);
}
