using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>S3, as far as the pipeline's functions call it: buckets by path, objects whole.</summary>
/// <remarks>
/// Our choices: the engine keeps no times of its objects, so <c>Last-Modified</c> is the time of the answer; of
/// checksums only the SHA-256 that signs a body is checked. Source: S3 API model 2006-03-01.
/// </remarks>
/// <param name="buckets">The names by which the one bucket is known.</param>
public sealed class ObjectService(DirectoryBucket bucket, IReadOnlyCollection<string> buckets, TimeProvider clock)
    : IService
{
    private const string Xml = "application/xml";
    private const string ContentHash = "x-amz-content-sha256";

    private static readonly Dictionary<string, int> s_status = new(StringComparer.Ordinal)
    {
        ["AccessDenied"] = 403,
        ["InvalidAccessKeyId"] = 403,
        ["NoSuchBucket"] = 404,
        ["NoSuchKey"] = 404,
        ["MethodNotAllowed"] = 405,
        [ConditionalCode] = 412,
        ["ConditionalRequestConflict"] = 409,
        ["InternalError"] = 500,
        ["NotImplemented"] = 501,
    };

    private const string ConditionalCode = "PreconditionFailed";

    /// <summary>Any: it is the last that is asked.</summary>
    public bool Takes(ServiceRequest request) => true;

    public Task<ServiceAnswer> AnswerAsync(ServiceRequest request, ICaller caller)
    {
        var target = ObjectTarget.Parse(request.Target);
        if (!buckets.Contains(target.Bucket))
        {
            throw new ServiceException("NoSuchBucket", $"there is no bucket '{target.Bucket}'.");
        }
        return (request.Method, target.Key) switch
        {
            ("GET", "") => ListAsync(target, caller),
            ("GET" or "HEAD", not "") when target.IsPlain => GetAsync(request, target.Key, caller),
            ("PUT", not "") when target.IsPlain => PutAsync(request, target.Key, caller),
            _ => throw new ServiceException(
                "NotImplemented", $"{request.Method} {request.Target} is none of PutObject, GetObject, HeadObject and "
                + "ListObjectsV2."),
        };
    }

    public ServiceAnswer Refuse(ServiceRequest request, PortFaultException refusal)
    {
        var (code, message) = refusal is ServiceException service
            ? (CodeOf(service.Code), service.Reason)
            : ("InternalError", refusal.Message);
        var status = s_status.GetValueOrDefault(code, 400);
        if (request.Method == "HEAD")
        {
            return new ServiceAnswer(status, null, default) { Headers = Ids(request) };
        }
        var body = Write(xml =>
        {
            xml.WriteStartElement("Error");
            xml.WriteElementString("Code", code);
            xml.WriteElementString("Message", message);
            xml.WriteElementString("Resource", request.Target);
            xml.WriteElementString("RequestId", request.Id);
            xml.WriteEndElement();
        });
        return new ServiceAnswer(status, Xml, body) { Headers = Ids(request) };
    }

    private async Task<ServiceAnswer> GetAsync(ServiceRequest request, string key, ICaller caller)
    {
        var (stored, now) = await caller.CallAsync(new ServiceCall<(StoredObject? Stored, DateTimeOffset Now)>(
            () => (bucket.Get(key), clock.GetUtcNow()))
        {
            IsOfBucket = true,
        });
        if (stored is null)
        {
            throw new ServiceException("NoSuchKey", "The specified key does not exist.");
        }
        (string, string)[] headers =
            [("ETag", stored.ETag), ("Last-Modified", now.ToString("r", CultureInfo.InvariantCulture))];
        return new ServiceAnswer(200, "binary/octet-stream", request.Method == "HEAD" ? default : stored.Body)
        {
            Headers = [.. headers, .. Ids(request)],
            ContentLength = request.Method == "HEAD" ? stored.Body.Length : null,
        };
    }

    private async Task<ServiceAnswer> PutAsync(ServiceRequest request, string key, ICaller caller)
    {
        if (request.Header("x-amz-copy-source") is not null)
        {
            throw new ServiceException("NotImplemented", "CopyObject is not among the operations here.");
        }
        var condition = ConditionOf(request);
        var body = BodyOf(request);
        var result = await caller.CallAsync(new ServiceCall<WriteResult>(() => bucket.Put(key, [body], condition))
        {
            IsOfBucket = true,
            Conflict = condition == WriteCondition.Always ? null : () => new WriteResult(WriteStatus.Conflict, null),
            AsksToWait = answer => answer.Status == WriteStatus.Conflict,
        });
        return result.Status switch
        {
            WriteStatus.Written => new ServiceAnswer(200, null, default)
            {
                Headers = [("ETag", result.ETag!), .. Ids(request)],
            },
            WriteStatus.Conflict => throw new ServiceException(
                "ConditionalRequestConflict",
                "The conditional request cannot succeed due to a conflicting operation against this resource."),
            _ => throw new ServiceException(
                ConditionalCode, "At least one of the pre-conditions you specified did not hold"),
        };
    }

    private async Task<ServiceAnswer> ListAsync(ObjectTarget target, ICaller caller)
    {
        var listing = ObjectListing.Read(target);
        var (page, now) = await caller.CallAsync(new ServiceCall<(ListedObjects Page, DateTimeOffset Now)>(
            () => (listing.Take(bucket), clock.GetUtcNow()))
        {
            IsOfBucket = true,
        });
        return new ServiceAnswer(200, Xml, Write(xml => listing.Write(xml, target.Bucket, page, now)));
    }

    private static WriteCondition ConditionOf(ServiceRequest request)
    {
        var etag = request.Header("If-Match");
        var none = request.Header("If-None-Match");
        if (none is not (null or "*") || (none is not null && etag is not null))
        {
            throw new ServiceException(
                "NotImplemented", "A header you provided implies functionality that is not implemented: allowed are "
                + "If-None-Match with * alone, or If-Match with an ETag.");
        }
        return etag is not null
            ? WriteCondition.Replace(etag.StartsWith('"') ? etag : $"\"{etag}\"")
            : new WriteCondition(none is not null, null);
    }

    private static ReadOnlyMemory<byte> BodyOf(ServiceRequest request)
    {
        var hash = request.Header(ContentHash);
        if (hash?.StartsWith("STREAMING-", StringComparison.Ordinal) == true)
        {
            return ChunkedBody.Decode(request.Body, request.Header("x-amz-decoded-content-length"));
        }
        return hash?.Length != 2 * SHA256.HashSizeInBytes
            || Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)) == hash
            ? request.Body
            : throw new ServiceException(
                "XAmzContentSHA256Mismatch", $"The provided '{ContentHash}' header does not match what was computed.");
    }

    private static string CodeOf(string code) => code switch
    {
        RefusalCode.UnknownCaller => "InvalidAccessKeyId",
        RefusalCode.NoCredentials or RefusalCode.Denied => "AccessDenied",
        _ => code,
    };

    private static (string, string)[] Ids(ServiceRequest request) =>
        [("x-amz-request-id", request.Id), ("x-amz-id-2", request.Id)];

    private static ReadOnlyMemory<byte> Write(Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        // A key may hold characters that XML only knows as references.
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false };
        using (var xml = XmlWriter.Create(bytes, settings))
        {
            xml.WriteStartDocument();
            write(xml);
        }
        return bytes.ToArray();
    }
}
