using System.Net.Sockets;
using Amazon.Runtime;

namespace Pipeline.Functions.Adapters;

/// <summary>Tells a broken world from a defect among the exceptions of an AWS client.</summary>
internal static class ServiceFault
{
    /// <summary>
    /// Whether a call failed for want of a service, a connection, credentials or time. A cancelled call is no fault.
    /// </summary>
    public static bool IsFault(Exception exception, CancellationToken cancellation) => exception switch
    {
        OperationCanceledException => !cancellation.IsCancellationRequested,
        AmazonClientException or HttpRequestException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };
}
