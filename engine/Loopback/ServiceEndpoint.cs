using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;

namespace Pipeline.Engine.Loopback;

/// <summary>
/// Services of AWS on one port of the loopback interface, as SDK clients reach them by an endpoint URL.
/// </summary>
/// <remarks>
/// The access key of a request's credentials says who calls. Signatures are not checked: whoever knows the key may
/// call.
/// </remarks>
public sealed class ServiceEndpoint : IDisposable
{
    private const string Scheme = "AWS4-HMAC-SHA256 ";
    private const string Credential = "Credential=";

    /// <summary>More than any request may have: 10 MiB in base64, or an object.</summary>
    private const int RequestBytesMax = 1024 * 1024 * 1024;

    private readonly IReadOnlyList<IService> _services;
    private readonly ICallers _callers;
    private readonly LoopbackListener _listener;
    private long _requests;

    /// <summary>Opens the port.</summary>
    /// <param name="services">The first that takes a request answers it.</param>
    public ServiceEndpoint(IReadOnlyList<IService> services, ICallers callers)
    {
        (_services, _callers) = (services, callers);
        _listener = new LoopbackListener(HandleAsync);
    }

    /// <summary>The endpoint URL.</summary>
    public Uri Address => _listener.Address;

    public void Dispose() => _listener.Dispose();

    private async Task HandleAsync(HttpContext context)
    {
        var id = Account.Uuid(Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture)).ToString();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var body = await ReadAsync(context);
        var request = new ServiceRequest(context.Request.Method, target, context.Request.Headers, body, id);
        var service = _services.FirstOrDefault(service => service.Takes(request));
        // Who made the call may be killed before it is answered; then nobody waits for the answer.
        var answer = service is null
            ? new ServiceAnswer(403, null, default)
            : await AnswerAsync(service, request).WaitAsync(context.RequestAborted);
        await WriteAsync(context, answer, id);
    }

    private async Task<ServiceAnswer> AnswerAsync(IService service, ServiceRequest request)
    {
        try
        {
            return await service.AnswerAsync(request, CallerOf(request));
        }
        catch (PortFaultException refusal)
        {
            return service.Refuse(request, refusal);
        }
    }

    private ICaller CallerOf(ServiceRequest request)
    {
        var authorization = request.Header("Authorization");
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new ServiceException(RefusalCode.NoCredentials, "The request is not signed.");
        }
        var start = authorization.IndexOf(Credential, StringComparison.Ordinal) + Credential.Length;
        var end = authorization.IndexOf('/', start);
        return start >= Credential.Length && end > start && _callers.Find(authorization[start..end]) is { } caller
            ? caller
            : throw new ServiceException(
                RefusalCode.UnknownCaller, "The security token included in the request is invalid.");
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not { } length)
        {
            using var copy = new MemoryStream();
            await context.Request.Body.CopyToAsync(copy, context.RequestAborted);
            return copy.ToArray();
        }
        if (length > RequestBytesMax)
        {
            throw new OperationCanceledException();
        }
        var body = new byte[length];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        return body;
    }

    private static async Task WriteAsync(HttpContext context, ServiceAnswer answer, string id)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers["x-amzn-RequestId"] = id;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }
        response.ContentLength = answer.ContentLength ?? answer.Body.Length;
        if (answer.ContentLength is null)
        {
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        }
    }
}
