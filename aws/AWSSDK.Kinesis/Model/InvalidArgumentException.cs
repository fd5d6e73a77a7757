using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>A parameter breaks its limits or cannot be used.</summary>
public partial class InvalidArgumentException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public InvalidArgumentException(string message)
        : this(message, null)
    {
    }

    public InvalidArgumentException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
