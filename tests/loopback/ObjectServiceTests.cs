using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Loopback;

/// <summary>What the SDK's client of S3 gets from the loopback server beside the contract of the port.</summary>
public sealed class ObjectServiceTests : IDisposable
{
    private readonly LoopbackBench _bench = new();
    private readonly AmazonS3Client _client;

    public ObjectServiceTests() => _client = _bench.S3();

    public void Dispose()
    {
        _client.Dispose();
        _bench.Dispose();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(5, false)]
    [InlineData(300_000, false)]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(300_000, true)]
    public async Task A_body_arrives_as_it_was_whether_it_comes_whole_or_in_signed_chunks_with_a_trailer(
        int bytes, bool inChunks)
    {
        var body = new byte[bytes];
        new Random(1).NextBytes(body);
        var put = await _client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = LoopbackBench.BucketName,
            Key = "key",
            InputStream = new MemoryStream(body),
            UseChunkEncoding = inChunks,
        });
        using var got = await _client.GetObjectAsync(LoopbackBench.BucketName, "key");
        var copy = new MemoryStream();
        await got.ResponseStream.CopyToAsync(copy);
        Assert.Equal(body, copy.ToArray());
        Assert.Equal(put.ETag, got.ETag);
    }

    [Fact]
    public async Task The_head_of_an_object_tells_its_length_and_ETag_and_of_none_that_there_is_none()
    {
        var etag = Put("there", "hello");
        var head = await _client.GetObjectMetadataAsync(LoopbackBench.BucketName, "there");
        Assert.Equal((5, etag), (head.ContentLength, head.ETag));
        var missing = await Assert.ThrowsAnyAsync<AmazonS3Exception>(
            () => _client.GetObjectMetadataAsync(LoopbackBench.BucketName, "missing"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    [Trait("Rule", "objects.list")]
    public async Task A_listing_is_in_the_order_of_the_keys_bytes_and_goes_on_page_by_page()
    {
        string[] keys = ["a/1", "a/2", "a\u007f", "a\ue000", "a\U0001F600", "b c", "per%cent", "z//", "z/~"];
        foreach (var key in keys.Reverse())
        {
            Put(key, key);
        }
        var request = new ListObjectsV2Request { BucketName = LoopbackBench.BucketName, MaxKeys = 4 };
        var pages = new List<int>();
        var listed = new List<S3Object>();
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request);
            pages.Add(page.KeyCount!.Value);
            listed.AddRange(page.S3Objects);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        Assert.Equal([4, 4, 1], pages);
        Assert.Equal(keys, listed.Select(item => item.Key));
        Assert.All(listed, item => Assert.Equal(Encoding.UTF8.GetByteCount(item.Key), item.Size));
    }

    [Fact]
    [Trait("Rule", "objects.list")]
    public async Task A_listing_keeps_to_its_prefix_and_sums_up_what_lies_behind_the_delimiter()
    {
        foreach (var key in new[] { "p/1", "p/d1/x", "p/d1/y", "p/d2/z", "p/z", "q" })
        {
            Put(key, "x");
        }
        var first = await _client.ListObjectsV2Async(new ListObjectsV2Request
        {
            BucketName = LoopbackBench.BucketName,
            Prefix = "p/",
            Delimiter = "/",
            MaxKeys = 2,
        });
        var second = await _client.ListObjectsV2Async(new ListObjectsV2Request
        {
            BucketName = LoopbackBench.BucketName,
            Prefix = "p/",
            Delimiter = "/",
            ContinuationToken = first.NextContinuationToken,
        });
        Assert.Equal(["p/1"], Keys(first));
        Assert.Equal(["p/d1/"], first.CommonPrefixes);
        Assert.Equal(["p/z"], Keys(second));
        Assert.Equal(["p/d2/"], second.CommonPrefixes);
        var after = await _client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = LoopbackBench.BucketName, StartAfter = "p/d2/z" });
        Assert.Equal(["p/z", "q"], Keys(after));
    }

    [Fact]
    public async Task The_engine_s_own_files_are_no_objects()
    {
        _bench.Files.Write("clock", "x"u8);
        Put("state/head.json", "x");
        var listed = await _client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = LoopbackBench.BucketName });
        Assert.Equal(["state/head.json"], Keys(listed));
    }

    [Fact]
    public async Task A_stranger_a_strange_bucket_and_a_strange_operation_are_refused_as_S3_does()
    {
        Put("key", "x");
        using var stranger = _bench.S3("stranger");
        await RefusedAsync("InvalidAccessKeyId", 403, () => stranger.GetObjectAsync(LoopbackBench.BucketName, "key"));
        await RefusedAsync("NoSuchBucket", 404, () => _client.GetObjectAsync("another", "key"));
        await RefusedAsync("NoSuchKey", 404, () => _client.GetObjectAsync(LoopbackBench.BucketName, "missing"));
        await RefusedAsync("NotImplemented", 501, () => _client.DeleteObjectAsync(LoopbackBench.BucketName, "key"));
        await RefusedAsync("NotImplemented", 501, () => _client.GetObjectTaggingAsync(
            new GetObjectTaggingRequest { BucketName = LoopbackBench.BucketName, Key = "key" }));
    }

    [Fact]
    public async Task A_conflict_is_a_409_and_a_failure_a_500()
    {
        _bench.Broken = new PortFaultException("The bucket is broken.");
        await RefusedAsync("InternalError", 500, () => _client.GetObjectAsync(LoopbackBench.BucketName, "key"));
        _bench.Broken = new Pipeline.Engine.Streams.ServiceException("ConditionalRequestConflict", "Another write.");
        await RefusedAsync("ConditionalRequestConflict", 409, () => _client.PutObjectAsync(
            new PutObjectRequest { BucketName = LoopbackBench.BucketName, Key = "key", ContentBody = "x" }));
    }

    [Fact]
    public async Task A_body_that_is_not_the_one_that_was_signed_is_refused()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_bench.Address, "data/key"));
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=test/1/2/3/aws4_request");
        request.Headers.Add("x-amz-content-sha256", new string('0', 64));
        request.Content = new StringContent("x");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            "<Code>XAmzContentSHA256Mismatch</Code>", await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Null(_bench.Bucket.Get("key"));
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "4")]
    [InlineData("6\r\nhello\r\n0\r\n\r\n", "6")]
    [InlineData("5\r\nhello", "5")]
    [InlineData("5\r\nhello, world\r\n0\r\n\r\n", "5")]
    [InlineData("-1\r\n\r\n", "0")]
    [InlineData("x\r\n\r\n", "0")]
    public async Task Broken_chunks_are_refused_and_write_nothing(string body, string length)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(_bench.Address, "data/key"));
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=test/1/2/3/aws4_request");
        request.Headers.Add("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        request.Headers.Add("x-amz-decoded-content-length", length);
        request.Content = new StringContent(body);
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            "<Code>IncompleteBody</Code>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(_bench.Bucket.Get("key"));
    }

    private string Put(string key, string text) =>
        _bench.Bucket.Put(key, [Encoding.UTF8.GetBytes(text)], WriteCondition.Always).ETag!;

    private static string[] Keys(ListObjectsV2Response page) => [.. page.S3Objects.Select(item => item.Key)];

    private static async Task RefusedAsync(string code, int status, Func<Task> call)
    {
        var refused = await Assert.ThrowsAnyAsync<AmazonS3Exception>(call);
        Assert.Equal((code, status), (refused.ErrorCode, (int)refused.StatusCode));
    }
}
