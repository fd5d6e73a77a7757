using System.Net;
using System.Text;

namespace Pipeline.Tests.Contracts;

/// <summary>Stands before an S3 that knows no conditional writes and refuses as AWS does.</summary>
/// <remarks>
/// Source: PutObject, S3 API; "Conditional writes", S3 User Guide. One write at a time, so a condition holds until its
/// write is done.
/// </remarks>
internal sealed class ConditionalWrites() : DelegatingHandler(new HttpClientHandler())
{
    private readonly SemaphoreSlim _one = new(1);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Put)
        {
            return await base.SendAsync(request, cancellationToken);
        }
        await _one.WaitAsync(cancellationToken);
        try
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, request.RequestUri);
            using var current = await base.SendAsync(head, cancellationToken);
            return Refuse(request, current) ?? await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _one.Dispose();
        base.Dispose(disposing);
    }

    private static HttpResponseMessage? Refuse(HttpRequestMessage request, HttpResponseMessage current)
    {
        var exists = current.IsSuccessStatusCode;
        if (request.Headers.TryGetValues("If-Match", out var etags))
        {
            return !exists ? Error(HttpStatusCode.NotFound, "NoSuchKey")
                : etags.Single() != current.Headers.ETag!.ToString() ? Error(HttpStatusCode.PreconditionFailed)
                : null;
        }
        return exists && request.Headers.TryGetValues("If-None-Match", out var any) && any.Single() == "*"
            ? Error(HttpStatusCode.PreconditionFailed)
            : null;
    }

    private static HttpResponseMessage Error(HttpStatusCode status, string code = "PreconditionFailed") => new(status)
    {
        Content = new StringContent(
            $"<Error><Code>{code}</Code><Message>The condition does not hold.</Message></Error>", Encoding.UTF8,
            "application/xml"),
    };
}
