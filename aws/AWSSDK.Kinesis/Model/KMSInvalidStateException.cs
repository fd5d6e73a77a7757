using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The state of the stream's KMS key does not allow this.</summary>
public partial class KMSInvalidStateException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public KMSInvalidStateException(string message)
        : this(message, null)
    {
    }

    public KMSInvalidStateException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
