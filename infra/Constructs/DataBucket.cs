using Amazon.CDK;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.S3;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>The one bucket of the pipeline: encrypted, private, TLS only, kept when the stack goes.</summary>
/// <remarks>
/// Not versioned, on purpose: no function may delete, every object is either created once (<c>If-None-Match</c>) or
/// replaced
/// under a condition (<c>If-Match</c>), and old versions of the small state heads would pile up with every batch.
/// </remarks>
public sealed class DataBucket : Construct
{
    /// <summary>The addresses that commands blocked, which Enrich looks up.</summary>
    public const string BlocklistKey = "blocklist.json";

    /// <summary>Where Lambda puts the batches that it gave up on; the service chose the prefix.</summary>
    private const string OnFailurePrefix = "aws/lambda/";

    // What waits for a person to mend and replay it; the rest of the bucket is the product and stays.
    private static readonly string[] WaitingPrefixes = ["rejected/", OnFailurePrefix, "oversize/", "archive-errors/"];

    // The records of commands, and what their effects leave behind.
    private static readonly string[] CommandObjects =
        ["commands/*", "incidents/*", "notifications/*", BlocklistKey];

    public DataBucket(Construct scope, string id, StackOptions options)
        : base(scope, id)
    {
        Bucket = new Bucket(this, "Bucket", new BucketProps
        {
            Encryption = BucketEncryption.S3_MANAGED,
            EnforceSSL = true,
            MinimumTLSVersion = 1.2,
            BlockPublicAccess = BlockPublicAccess.BLOCK_ALL,
            ObjectOwnership = ObjectOwnership.BUCKET_OWNER_ENFORCED,
            Versioned = false,
            RemovalPolicy = RemovalPolicy.RETAIN,
            LifecycleRules = [.. WaitingPrefixes.Select(prefix => Expire(prefix, options)), AbortUploads()],
        });
        Bucket.HasLogicalId(id);
        Bucket.Policy!.HasLogicalId(id + "Policy");
        // A bucket that stays keeps its rules.
        Bucket.Policy!.ApplyRemovalPolicy(RemovalPolicy.RETAIN);
        this.Outputs(id + "Bucket", Bucket.BucketName, "The bucket of the archive, bad rows and all other output.");
    }

    /// <summary>The bucket itself.</summary>
    public Bucket Bucket { get; }

    /// <summary>Lets a function store its bad rows, and Lambda its given-up batches in the function's name.</summary>
    public void GrantFailures(IGrantable function, string functionName)
    {
        Allow(function, Bucket.ArnForObjects($"rejected/{functionName}/*"), "s3:PutObject");
        Allow(function, Bucket.ArnForObjects(OnFailurePrefix + "*"), "s3:PutObject");
        // Lambda asks for it besides the write.
        Allow(function, Bucket.BucketArn, "s3:ListBucket");
    }

    /// <summary>Lets a worker keep the record of a command and leave its effects, each below its own prefix.</summary>
    public void GrantCommands(IGrantable worker)
    {
        foreach (var objects in CommandObjects)
        {
            Allow(worker, Bucket.ArnForObjects(objects), "s3:GetObject", "s3:PutObject");
        }

        // Without it S3 answers 403 for an object that is not there yet.
        Allow(worker, Bucket.BucketArn, "s3:ListBucket");
    }

    /// <summary>Lets a function read one object.</summary>
    public void GrantGet(IGrantable reader, string key) => Allow(reader, Bucket.ArnForObjects(key), "s3:GetObject");

    /// <summary>
    /// Lets Firehose write below two prefixes, as "Grant Firehose access to an Amazon S3 destination" lists it.
    /// </summary>
    public void GrantDelivery(IGrantable firehose, string prefix, string errorPrefix)
    {
        Allow(firehose, Bucket.BucketArn, "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads");
        string[] actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"];
        Allow(firehose, Bucket.ArnForObjects(prefix + "*"), actions);
        Allow(firehose, Bucket.ArnForObjects(errorPrefix + "*"), actions);
    }

    private static void Allow(IGrantable grantee, string resource, params string[] actions) =>
        Grant.AddToPrincipal(new GrantOnPrincipalOptions
        {
            Grantee = grantee,
            Actions = actions,
            ResourceArns = [resource],
        });

    private static LifecycleRule Expire(string prefix, StackOptions options) => new()
    {
        Id = "expire-" + prefix.TrimEnd('/').Replace('/', '-'),
        Prefix = prefix,
        Expiration = Duration.Days(options.KeepDays),
    };

    private static LifecycleRule AbortUploads() => new()
    {
        Id = "abort-unfinished-uploads",
        AbortIncompleteMultipartUploadAfter = Duration.Days(7),
    };
}
