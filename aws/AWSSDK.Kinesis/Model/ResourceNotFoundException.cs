using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>There is no such stream, shard or consumer.</summary>
public partial class ResourceNotFoundException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public ResourceNotFoundException(string message)
        : this(message, null)
    {
    }

    public ResourceNotFoundException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
