using System.Collections.ObjectModel;
using Amazon.Runtime;

namespace Amazon.Kinesis;

/// <summary>The values that a configuration leaves to its <c>DefaultConfigurationMode</c>.</summary>
/// <remarks>Source: the SDKs and Tools Reference Guide, "Smart configuration defaults".</remarks>
public static class AmazonKinesisDefaultConfiguration
{
    /// <summary>For most places.</summary>
    public static IDefaultConfiguration Standard { get; } = Create(DefaultConfigurationMode.Standard, 3100);

    /// <summary>For callers in the region of the stream.</summary>
    public static IDefaultConfiguration InRegion { get; } = Create(DefaultConfigurationMode.InRegion, 1100);

    /// <summary>For callers in another region.</summary>
    public static IDefaultConfiguration CrossRegion { get; } = Create(DefaultConfigurationMode.CrossRegion, 3100);

    /// <summary>For callers over a mobile network.</summary>
    public static IDefaultConfiguration Mobile { get; } = Create(DefaultConfigurationMode.Mobile, 30_000);

    /// <summary>Found out when the client starts; these values are used where that fails.</summary>
    public static IDefaultConfiguration Auto { get; } = Create(DefaultConfigurationMode.Auto, 1100);

    /// <summary>All of them.</summary>
    public static ReadOnlyCollection<IDefaultConfiguration> GetAllConfigurations() =>
        new([Standard, InRegion, CrossRegion, Mobile, Auto]);

    private static DefaultConfiguration Create(DefaultConfigurationMode mode, int connectMilliseconds) => new()
    {
        Name = mode,
        RetryMode = RequestRetryMode.Standard,
        S3UsEast1RegionalEndpoint = S3UsEast1RegionalEndpointValue.Regional,
        ConnectTimeout = TimeSpan.FromMilliseconds(connectMilliseconds),
        TlsNegotiationTimeout = TimeSpan.FromMilliseconds(connectMilliseconds),
    };
}
