using Amazon.Kinesis.Endpoints;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util;

namespace Amazon.Kinesis.Internal;

/// <summary>
/// Says what the endpoint of a request depends on; <see cref="KinesisEndpointProvider"/> says which it is.
/// </summary>
internal sealed class KinesisEndpointResolver : BaseEndpointResolver
{
    public static Endpoint EndpointOf(AmazonKinesisConfig config, ServiceOperationEndpointParameters parameters)
    {
        var request = new DefaultRequest(parameters.Request, KinesisService.Id)
        {
            AlternateEndpoint = parameters.AlternateEndpoint,
        };
        var context = new RequestContext(enableMetrics: false, clientSigner: null)
        {
            ClientConfig = config,
            OriginalRequest = parameters.Request,
            Request = request,
        };
        return new KinesisEndpointResolver().GetEndpoint(new Runtime.Internal.ExecutionContext(context, null));
    }

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext)
    {
        var config = requestContext.ClientConfig;
        return new KinesisEndpointParameters
        {
            Region = requestContext.Request.AlternateEndpoint?.SystemName ?? RegionOf(config),
            UseDualStack = config.UseDualstackEndpoint,
            UseFIPS = config.UseFIPSEndpoint,
            Endpoint = config.ServiceURL,
        };
    }

    private static string RegionOf(IClientConfig config) =>
        config.RegionEndpoint?.SystemName
        ?? (string.IsNullOrEmpty(config.ServiceURL) ? null
            : !string.IsNullOrEmpty(config.AuthenticationRegion) ? config.AuthenticationRegion
            : AWSSDKUtils.DetermineRegion(config.ServiceURL));
}
