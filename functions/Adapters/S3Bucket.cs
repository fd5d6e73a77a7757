using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>The data bucket on AWS: one call is one PutObject or GetObject, and it is made once.</summary>
/// <remarks>
/// ETags are kept verbatim, with their quotation marks: whoever replaces a version sends back what was answered.
/// Source: PutObject and GetObject, S3 API model 2006-03-01; "Conditional writes", S3 User Guide.
/// </remarks>
public sealed class S3Bucket : IBucketPort
{
    private const string NoSuchKey = "NoSuchKey";

    private readonly IAmazonS3 _client;
    private readonly string _bucket;

    /// <param name="client">Configured as <see cref="Configure"/> does.</param>
    /// <param name="bucket">The bucket's name.</param>
    /// <exception cref="ArgumentException">The client sends requests again itself.</exception>
    public S3Bucket(IAmazonS3 client, string bucket)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(bucket);
        OneRequest.Require(
            client.Config, "a conditional write that took effect and is repeated unseen loses to itself",
            nameof(client));
        (_client, _bucket) = (client, bucket);
    }

    /// <summary>Leaves trying again to the caller, also after a connection broke.</summary>
    public static AmazonS3Config Configure(AmazonS3Config config) => OneRequest.Configure(config);

    public async ValueTask<WriteResult> PutAsync(
        string key, ReadOnlyMemory<byte> body, WriteCondition condition, CancellationToken cancellation)
    {
        var request = new PutObjectRequest
        {
            BucketName = _bucket,
            Key = key,
            InputStream = ByteStream.Over(body),
            // The bytes are in memory: signed as one, not framed in chunks.
            UseChunkEncoding = false,
            IfNoneMatch = condition.IfNoneMatch ? "*" : null,
            IfMatch = condition.IfMatch,
        };
        try
        {
            var response = await _client.PutObjectAsync(request, cancellation);
            return new WriteResult(WriteStatus.Written, response.ETag);
        }
        catch (AmazonS3Exception refused) when (StatusOf(refused) is { } status)
        {
            return new WriteResult(status, null);
        }
        catch (Exception broken) when (ServiceFault.IsFault(broken, cancellation))
        {
            throw Fault("PutObject", key, broken, "the function needs s3:PutObject on the key");
        }
    }

    public async ValueTask<StoredObject?> GetAsync(string key, CancellationToken cancellation)
    {
        try
        {
            using var response = await _client.GetObjectAsync(_bucket, key, cancellation);
            return new StoredObject(await ReadAsync(response, cancellation), response.ETag);
        }
        catch (AmazonS3Exception missing)
            when (missing is { StatusCode: HttpStatusCode.NotFound, ErrorCode: NoSuchKey })
        {
            return null;
        }
        catch (Exception broken) when (ServiceFault.IsFault(broken, cancellation))
        {
            throw Fault(
                "GetObject", key, broken, "either the function lacks s3:GetObject on the key, or there is no such "
                + "object and it lacks s3:ListBucket on the bucket, without which S3 does not tell the two apart");
        }
    }

    private static WriteStatus? StatusOf(AmazonS3Exception refused) => (refused.StatusCode, refused.ErrorCode) switch
    {
        (HttpStatusCode.PreconditionFailed, _) => WriteStatus.PreconditionFailed,
        (HttpStatusCode.Conflict, "ConditionalRequestConflict" or "OperationAborted") => WriteStatus.Conflict,
        _ => null,
    };

    private static async Task<byte[]> ReadAsync(GetObjectResponse response, CancellationToken cancellation)
    {
        var body = new byte[response.ContentLength];
        await response.ResponseStream.ReadExactlyAsync(body, cancellation);
        return body;
    }

    private PortFaultException Fault(string operation, string key, Exception broken, string onForbidden) =>
        ServiceFault.Of($"{operation} of '{key}' in {_bucket}", broken, onForbidden);
}
