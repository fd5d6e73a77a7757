using Amazon.Kinesis.Internal;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Amazon.Kinesis;

/// <summary>How a client of Kinesis finds the service and speaks to it.</summary>
public partial class AmazonKinesisConfig : ClientConfig
{
    public AmazonKinesisConfig()
        : base(KinesisService.Defaults)
    {
        base.ServiceId = ServiceId;
        AuthenticationServiceName = RegionEndpointServiceName;
        EndpointProvider = new KinesisEndpointProvider();
    }

    /// <summary>The service's name in settings: <c>AWS_ENDPOINT_URL_KINESIS</c>, <c>kinesis</c> in a profile.</summary>
    public static new string ServiceId => KinesisService.Id;

    /// <summary>The service's name in hosts and signatures.</summary>
    public override string RegionEndpointServiceName => "kinesis";

    /// <summary>The version of the API.</summary>
    public override string ServiceVersion => KinesisService.ApiVersion;

    /// <summary>What the client tells the service of itself.</summary>
    public override string UserAgent => KinesisService.UserAgent;

    /// <summary>The endpoint that a request would be sent to.</summary>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        KinesisEndpointResolver.EndpointOf(this, parameters);
}
