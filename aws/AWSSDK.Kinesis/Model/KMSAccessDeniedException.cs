using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The caller may not use the stream's KMS key.</summary>
public partial class KMSAccessDeniedException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public KMSAccessDeniedException(string message)
        : this(message, null)
    {
    }

    public KMSAccessDeniedException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
