using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace Amazon.Kinesis.Internal;

/// <summary>What AWSSDK.Core has to know of the service.</summary>
internal sealed class KinesisService : IServiceMetadata
{
    public const string Id = "Kinesis";
    public const string ApiVersion = "2013-12-02";

    /// <summary>Says that this is not the official client.</summary>
    public static readonly string UserAgent = InternalSDKUtils.BuildUserAgentString(Id, "4.0.0-bundled");

    public static readonly KinesisService Metadata = new();

    public static readonly DefaultConfigurationProvider Defaults =
        new(AmazonKinesisDefaultConfiguration.GetAllConfigurations());

    public string ServiceId => Id;

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
}
