using Amazon.Runtime.Endpoints;

namespace Amazon.Kinesis.Endpoints;

/// <summary>What the endpoint of a request depends on.</summary>
public class KinesisEndpointParameters : EndpointParameters
{
    public KinesisEndpointParameters() => (UseDualStack, UseFIPS) = (false, false);

    /// <summary>The region's name, such as <c>eu-central-1</c>.</summary>
    public string Region
    {
        get => (string)this[nameof(Region)];
        set => this[nameof(Region)] = value;
    }

    /// <summary>Whether the host is to have IPv6 addresses too.</summary>
    public bool? UseDualStack
    {
        get => (bool?)this[nameof(UseDualStack)];
        set => this[nameof(UseDualStack)] = value;
    }

    /// <summary>Whether the host is to use validated cryptography (FIPS 140).</summary>
    public bool? UseFIPS
    {
        get => (bool?)this[nameof(UseFIPS)];
        set => this[nameof(UseFIPS)] = value;
    }

    /// <summary>A URL to use instead of the region's; null for none.</summary>
    public string Endpoint
    {
        get => (string)this[nameof(Endpoint)];
        set => this[nameof(Endpoint)] = value;
    }
}
