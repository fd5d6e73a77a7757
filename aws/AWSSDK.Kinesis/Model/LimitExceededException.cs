using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The account has too many of these, or too many requests of the kind are under way.</summary>
public partial class LimitExceededException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public LimitExceededException(string message)
        : this(message, null)
    {
    }

    public LimitExceededException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
