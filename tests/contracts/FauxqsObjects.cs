using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;
using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>A bucket of fauxqs, by the S3 REST API, a path per object.</summary>
internal sealed class FauxqsObjects(Uri bucket) : IBucketPort
{
    private static readonly HttpClient s_http = new();
    private static int s_buckets;

    /// <summary>Makes a bucket with a name that is new; answers its address.</summary>
    public static async Task<Uri> CreateBucketAsync(Uri service)
    {
        var address = new Uri(service, $"bucket-{Interlocked.Increment(ref s_buckets)}/");
        using var response = await s_http.PutAsync(address, null);
        response.EnsureSuccessStatusCode();
        return address;
    }

    public async ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, AddressOf(key));
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (condition.IfNoneMatch)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
        }
        if (condition.IfMatch is { } etag)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }
        using var response = await s_http.SendAsync(request, cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => new WriteResult(WriteStatus.Written, response.Headers.ETag!.ToString()),
            HttpStatusCode.PreconditionFailed => new WriteResult(WriteStatus.PreconditionFailed, null),
            HttpStatusCode.Conflict => new WriteResult(WriteStatus.Conflict, null),
            _ => throw await FaultAsync(response),
        };
    }

    public async ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation)
    {
        using var response = await s_http.GetAsync(AddressOf(key), cancellation);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => new StoredObject(
                await response.Content.ReadAsByteArrayAsync(cancellation), response.Headers.ETag!.ToString()),
            HttpStatusCode.NotFound => null,
            _ => throw await FaultAsync(response),
        };
    }

    private Uri AddressOf(string key) =>
        new(bucket, string.Join('/', key.Split('/').Select(Uri.EscapeDataString)));

    private static async Task<PortFaultException> FaultAsync(HttpResponseMessage response)
    {
        var error = XElement.Parse(await response.Content.ReadAsStringAsync());
        return new PortFaultException($"{error.Element("Code")?.Value}: {error.Element("Message")?.Value}");
    }
}
