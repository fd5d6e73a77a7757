using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The iterator is older than 5 minutes: ask for another.</summary>
public partial class ExpiredIteratorException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public ExpiredIteratorException(string message)
        : this(message, null)
    {
    }

    public ExpiredIteratorException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
