using Amazon.Kinesis.Endpoints;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;

namespace Amazon.Kinesis.Internal;

/// <summary>The endpoint of a region, or the one that the configuration names.</summary>
/// <remarks>
/// Source: the endpoint rules of kinesis 2013-12-02, but for those by which a request that names a stream by its ARN
/// goes to a host of that account; the host of the region takes it too.
/// </remarks>
internal sealed class KinesisEndpointProvider : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var fips = (bool?)parameters[nameof(KinesisEndpointParameters.UseFIPS)] ?? false;
        var dualStack = (bool?)parameters[nameof(KinesisEndpointParameters.UseDualStack)] ?? false;
        if (parameters[nameof(KinesisEndpointParameters.Endpoint)] is string { Length: > 0 } url)
        {
            return !fips && !dualStack ? new Endpoint(url) : throw new AmazonClientException(
                $"Kinesis: an endpoint of one's own, {url}, goes with neither FIPS nor dual stack.");
        }
        return parameters[nameof(KinesisEndpointParameters.Region)] is string { Length: > 0 } region
            ? new Endpoint($"https://{HostOf(region, fips, dualStack)}")
            : throw new AmazonClientException("Kinesis: neither a region nor an endpoint is configured.");
    }

    private static string HostOf(string region, bool fips, bool dualStack)
    {
        var partition = Fn.Partition(region);
        if ((fips && !partition.supportsFIPS) || (dualStack && !partition.supportsDualStack))
        {
            throw new AmazonClientException(
                $"Kinesis: {(fips ? "FIPS" : "dual stack")} is asked for, and the partition of {region}, "
                + $"{partition.name}, does not have it.");
        }
        // In the partition for the government every host does FIPS.
        var service = fips && (dualStack || partition.name != "aws-us-gov") ? "kinesis-fips" : "kinesis";
        return $"{service}.{region}.{(dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix)}";
    }
}
