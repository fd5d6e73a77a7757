using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The caller lacks the right to do this.</summary>
public partial class AccessDeniedException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public AccessDeniedException(string message)
        : this(message, null)
    {
    }

    public AccessDeniedException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
