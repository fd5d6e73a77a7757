using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The account has no subscription to KMS.</summary>
public partial class KMSOptInRequiredException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public KMSOptInRequiredException(string message)
        : this(message, null)
    {
    }

    public KMSOptInRequiredException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
