namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Runtime API refused a request.</summary>
public class RuntimeApiClientException : Exception
{
    /// <param name="message">What was refused.</param>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="response">The answer's body.</param>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="innerException">The cause, or null.</param>
    public RuntimeApiClientException(
        string message, int statusCode, string response, Dictionary<string, IEnumerable<string>> headers,
        Exception innerException)
        : base(message, innerException)
    {
        StatusCode = statusCode;
        Response = response;
        Headers = headers;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; private set; }

    /// <summary>The answer's body.</summary>
    public string Response { get; private set; }

    /// <summary>The answer's headers.</summary>
    public Dictionary<string, IEnumerable<string>> Headers { get; private set; }
}
