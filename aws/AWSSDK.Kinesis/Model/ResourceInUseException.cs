using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The stream is not ACTIVE, or the name is taken.</summary>
public partial class ResourceInUseException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public ResourceInUseException(string message)
        : this(message, null)
    {
    }

    public ResourceInUseException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
