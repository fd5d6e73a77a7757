using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The service failed; the request may have taken effect.</summary>
public partial class InternalFailureException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public InternalFailureException(string message)
        : this(message, null)
    {
    }

    public InternalFailureException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
