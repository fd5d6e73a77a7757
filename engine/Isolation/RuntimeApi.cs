using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Loopback;

namespace Pipeline.Engine.Isolation;

/// <summary>The Runtime API of one instance: hands out invocations, takes what becomes of them.</summary>
/// <remarks>Source: "Runtime API", version 2018-06-01.</remarks>
internal sealed class RuntimeApi : IDisposable
{
    private const string Root = "/2018-06-01/runtime/";
    private const string Next = Root + "invocation/next";
    private const string Invocation = Root + "invocation/";
    private const string InitError = Root + "init/error";
    private const string Response = "/response";
    private const string Error = "/error";
    private const string ErrorType = "Lambda-Runtime-Function-Error-Type";

    private readonly Lock _lock = new();
    private readonly Action<RuntimeEvent> _tell;
    private readonly LoopbackListener _listener;
    private TaskCompletionSource<NextInvocation>? _poll;
    private string? _underWay;

    /// <summary>Opens the port.</summary>
    /// <param name="tell">Told, on any thread, of what the process does.</param>
    public RuntimeApi(Action<RuntimeEvent> tell)
    {
        _tell = tell;
        _listener = new LoopbackListener(HandleAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _listener.Address;

    /// <summary>Whether an invocation is under way.</summary>
    public bool IsInvoking
    {
        get
        {
            lock (_lock)
            {
                return _underWay is not null;
            }
        }
    }

    /// <summary>Answers the poll that was told of; false when it hung up meanwhile.</summary>
    public bool TryHand(NextInvocation invocation)
    {
        lock (_lock)
        {
            if (_poll?.TrySetResult(invocation) != true)
            {
                return false;
            }
            (_poll, _underWay) = (null, invocation.RequestId);
            return true;
        }
    }

    public void Dispose() => _listener.Dispose();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        return (context.Request.Method, path) switch
        {
            ("GET", Next) => NextAsync(context),
            ("POST", InitError) => InitErrorAsync(context),
            ("POST", _) when IsOf(path, Response, out var id) => ResponseAsync(context, id),
            ("POST", _) when IsOf(path, Error, out var id) => ErrorAsync(context, id),
            _ => RefuseAsync(context, 404, "PageNotFound", $"There is no {context.Request.Method} {path}."),
        };
    }

    private async Task NextAsync(HttpContext context)
    {
        var poll = new TaskCompletionSource<NextInvocation>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryPoll(poll))
        {
            await RefuseAsync(
                context, 403, "InvalidStateTransition", "An invocation is under way, or asked for already.");
            return;
        }
        _tell(new RuntimeEvent.Polls());
        using var gone = context.RequestAborted.Register(() => HangUp(poll));
        var next = await poll.Task;
        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = next.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] =
            next.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = next.FunctionArn;
        headers["Lambda-Runtime-Trace-Id"] = TraceOf(next);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = next.Payload.Length;
        await context.Response.Body.WriteAsync(next.Payload, context.RequestAborted);
    }

    private bool TryPoll(TaskCompletionSource<NextInvocation> poll)
    {
        lock (_lock)
        {
            var isIdle = _poll is null && _underWay is null;
            _poll = isIdle ? poll : _poll;
            return isIdle;
        }
    }

    private void HangUp(TaskCompletionSource<NextInvocation> poll)
    {
        lock (_lock)
        {
            if (_poll != poll)
            {
                return;
            }
            _poll = null;
        }
        poll.TrySetCanceled();
        _tell(new RuntimeEvent.HangsUp());
    }

    private async Task ResponseAsync(HttpContext context, string id)
    {
        var (body, length) = await ReadAsync(context);
        if (!TryEnd(id))
        {
            await RefuseUnknownAsync(context);
        }
        else if (body is null)
        {
            _tell(new RuntimeEvent.Ends(InvocationResult.TooLarge(length, id)));
            await RefuseAsync(
                context, 413, "RequestEntityTooLarge",
                $"Exceeded maximum allowed payload size ({Limits.PayloadBytesMax} bytes).");
        }
        else
        {
            _tell(new RuntimeEvent.Ends(new InvocationResult(body, null, id)));
            await AcceptAsync(context);
        }
    }

    private async Task ErrorAsync(HttpContext context, string id)
    {
        var error = await ReadErrorAsync(context);
        if (!TryEnd(id))
        {
            await RefuseUnknownAsync(context);
            return;
        }
        _tell(new RuntimeEvent.Ends(new InvocationResult(error.Document, error.Type, id)));
        await AcceptAsync(context);
    }

    private async Task InitErrorAsync(HttpContext context)
    {
        _tell(new RuntimeEvent.FailsToStart(await ReadErrorAsync(context)));
        await AcceptAsync(context);
    }

    private bool TryEnd(string id)
    {
        lock (_lock)
        {
            if (_underWay != id)
            {
                return false;
            }
            _underWay = null;
            return true;
        }
    }

    private static bool IsOf(string path, string what, out string id)
    {
        var isOf = path.StartsWith(Invocation, StringComparison.Ordinal)
            && path.EndsWith(what, StringComparison.Ordinal)
            && path.Length > Invocation.Length + what.Length;
        id = isOf ? path[Invocation.Length..^what.Length] : "";
        return isOf;
    }

    private static async Task<RuntimeError> ReadErrorAsync(HttpContext context)
    {
        var type = context.Request.Headers[ErrorType].ToString();
        var (body, _) = await ReadAsync(context);
        return RuntimeError.Read(type.Length > 0 ? type : null, body);
    }

    /// <summary>A body up to the largest payload, or null for a larger one; its length in any case.</summary>
    private static async Task<(byte[]? Body, long Length)> ReadAsync(HttpContext context)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var length = 0L;
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is var read and > 0)
        {
            length += read;
            if (length <= Limits.PayloadBytesMax)
            {
                copy.Write(buffer, 0, read);
            }
        }
        return (length <= Limits.PayloadBytesMax ? copy.ToArray() : null, length);
    }

    private static Task AcceptAsync(HttpContext context) =>
        AnswerAsync(context, 202, """{"status":"OK"}"""u8.ToArray());

    private static Task RefuseUnknownAsync(HttpContext context) =>
        RefuseAsync(context, 400, "InvalidRequestID", "Invalid request ID");

    private static Task RefuseAsync(HttpContext context, int status, string type, string message) => AnswerAsync(
        context, status, JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string> { ["errorMessage"] = message, ["errorType"] = type }));

    private static async Task AnswerAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>A trace of X-Ray's form, derived from the request: nothing is sampled here.</summary>
    private static string TraceOf(NextInvocation next)
    {
        var hex = next.RequestId.Replace("-", "", StringComparison.Ordinal).PadRight(32, '0');
        var seconds = (next.Deadline.ToUnixTimeSeconds() & uint.MaxValue).ToString("x8", CultureInfo.InvariantCulture);
        return $"Root=1-{seconds}-{hex[..24]};Parent={hex[16..32]};Sampled=0";
    }
}
