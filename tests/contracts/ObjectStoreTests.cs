using Amazon.Runtime;
using Amazon.S3;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Contracts;

/// <summary>The engine's bucket keeps the contract of S3.</summary>
public sealed class EngineObjectTests : ObjectStoreContract, IDisposable
{
    private readonly OutputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IBucketPort> StoreAsync() => Task.FromResult<IBucketPort>(
        new EngineObjects(new DirectoryBucket(_folder.Path, _folder.EngineFiles)));
}

/// <summary>So does fauxqs, but for its deviations.</summary>
public sealed class FauxqsObjectTests(Fauxqs fauxqs) : ObjectStoreContract
{
    protected override IReadOnlyCollection<Deviation> Listed => Deviations.OfFauxqs;

    protected override async Task<IBucketPort> StoreAsync() =>
        new FauxqsObjects(await FauxqsObjects.CreateBucketAsync(await fauxqs.AddressAsync()));
}

/// <summary>The bucket port on AWS keeps it too, before an S3 that refuses conditional writes as AWS does.</summary>
public sealed class S3BucketContractTests(Fauxqs fauxqs) : ObjectStoreContract
{
    protected override IReadOnlyCollection<Deviation> Listed => [Deviations.LongKeys];

    protected override async Task<IBucketPort> StoreAsync() => await CreateAsync(await fauxqs.AddressAsync());

    internal static async Task<S3Bucket> CreateAsync(Uri service)
    {
        var bucket = await FauxqsObjects.CreateBucketAsync(service);
        var client = CreateClient(service, new SdkHttp(new ConditionalWrites()));
        return new S3Bucket(client, bucket.AbsolutePath.Trim('/'));
    }

    internal static AmazonS3Client CreateClient(Uri service, HttpClientFactory? http = null) => new(
        "test", "test", S3Bucket.Configure(new AmazonS3Config
        {
            ServiceURL = service.ToString(),
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            HttpClientFactory = http,
        }));
}
