using System.Text.RegularExpressions;

namespace Pipeline.Engine.Template;

/// <summary>An S3 bucket.</summary>
public sealed record BucketModel(string LogicalId, string Name, string Arn) : ResourceModel(LogicalId);

/// <summary>Source: "AWS::S3::Bucket"; "Bucket naming rules".</summary>
internal sealed partial class BucketType : ResourceType
{
    public const string Id = "AWS::S3::Bucket";

    public override string Type => Id;

    public override string NameProperty => "BucketName";

    public override string DefaultName(string logicalId) => logicalId.ToLowerInvariant();

    public override string Arn(string name) => $"arn:{Account.Partition}:s3:::{name}";

    public override IReadOnlyDictionary<string, string> Attributes(string logicalId, string name) =>
        new Dictionary<string, string>
        {
            ["Arn"] = Arn(name),
            ["DomainName"] = $"{name}.s3.{Account.UrlSuffix}",
            ["RegionalDomainName"] = $"{name}.s3.{Account.Region}.{Account.UrlSuffix}",
        };

    public override ResourceModel Read(PropertyReader properties, ResourceReading resource)
    {
        properties.Name(NameProperty, Form(), "3 to 63 of a-z, 0-9, '.', '-', a letter or digit at both ends");
        // Nothing expires here: an engine's bucket lives as long as its directory.
        properties.Ignore(
            "AccessControl", "AnalyticsConfigurations", "BucketEncryption", "IntelligentTieringConfigurations",
            "InventoryConfigurations", "LifecycleConfiguration", "LoggingConfiguration", "MetricsConfigurations",
            "OwnershipControls", "PublicAccessBlockConfiguration", "Tags", "VersioningConfiguration");
        properties.Finish();
        return new BucketModel(resource.LogicalId, resource.Name, Arn(resource.Name));
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex Form();
}
