using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>KMS throttled the request.</summary>
public partial class KMSThrottlingException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public KMSThrottlingException(string message)
        : this(message, null)
    {
    }

    public KMSThrottlingException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
