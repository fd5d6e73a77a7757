using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The request breaks the API, or does not fit the stream's mode.</summary>
public partial class ValidationException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public ValidationException(string message)
        : this(message, null)
    {
    }

    public ValidationException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
