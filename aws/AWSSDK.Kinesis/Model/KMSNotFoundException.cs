using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream's KMS key is not there.</summary>
public partial class KMSNotFoundException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public KMSNotFoundException(string message)
        : this(message, null)
    {
    }

    public KMSNotFoundException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
