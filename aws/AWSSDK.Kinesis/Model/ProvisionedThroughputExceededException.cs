using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The shard was asked for more than it gives in a second: try again later.</summary>
public partial class ProvisionedThroughputExceededException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public ProvisionedThroughputExceededException(string message)
        : this(message, null)
    {
    }

    public ProvisionedThroughputExceededException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
