using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Tells a broken world from a defect among the exceptions of an AWS client, and says what broke.</summary>
internal static class ServiceFault
{
    /// <summary>
    /// Whether a call failed for want of a service, a connection, credentials, rights or time, or because its answer
    /// cannot be read. A cancelled call is no fault.
    /// </summary>
    public static bool IsFault(Exception exception, CancellationToken cancellation) => exception switch
    {
        OperationCanceledException => !cancellation.IsCancellationRequested,
        AmazonServiceException or AmazonClientException => true,
        HttpRequestException or IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The fault as a sentence, the service's code for it first.</summary>
    /// <param name="call">What was asked for, and of whom.</param>
    /// <param name="onForbidden">What may lack, where rights do.</param>
    /// <param name="code">The code's name, where the service sends it in more than one form.</param>
    public static PortFaultException Of(
        string call, Exception broken, string? onForbidden = null, string? code = null)
    {
        // An answer that cannot be read is such an exception too, without a code.
        if (broken is not AmazonServiceException { ErrorCode: { } sent } refused)
        {
            return new PortFaultException($"{call}: {broken.Message}", broken);
        }
        // The JSON services refuse with 400 what the others refuse with 403.
        var isForbidden = refused.StatusCode == HttpStatusCode.Forbidden || sent == "AccessDeniedException";
        var why = isForbidden && onForbidden is not null ? $"; {onForbidden}" : "";
        return new PortFaultException(
            $"{code ?? sent}: {call}: {refused.Message} ({refused.StatusCode}){why}", refused)
        {
            // An object that is not there to be replaced may have gone just now: a look at it will tell.
            IsLasting = isForbidden || (refused.StatusCode == HttpStatusCode.NotFound && sent != "NoSuchKey"),
        };
    }
}
