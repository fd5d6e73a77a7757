using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream's KMS key is disabled.</summary>
public partial class KMSDisabledException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public KMSDisabledException(string message)
        : this(message, null)
    {
    }

    public KMSDisabledException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
