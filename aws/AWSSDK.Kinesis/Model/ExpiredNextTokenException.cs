using System.Net;
using Amazon.Runtime;

namespace Amazon.Kinesis.Model;

/// <summary>The token is older than 5 minutes: list from the start.</summary>
public partial class ExpiredNextTokenException(
    string message, Exception innerException, ErrorType errorType, string errorCode, string requestId,
    HttpStatusCode statusCode)
    : AmazonKinesisException(message, innerException, errorType, errorCode, requestId, statusCode)
{
    public ExpiredNextTokenException(string message)
        : this(message, null)
    {
    }

    public ExpiredNextTokenException(string message, Exception innerException)
        : this(message, innerException, default, null, null, default)
    {
    }
}
