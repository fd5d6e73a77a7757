using System.Net;
using Amazon.Kinesis.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Kinesis.Internal;

/// <summary>The errors that have types of their own, by the code that the service sends.</summary>
internal static class KinesisErrors
{
    private delegate AmazonKinesisException Maker(
        string message, Exception inner, ErrorType type, string code, string request, HttpStatusCode status);

    private static readonly Dictionary<string, Maker> s_makers = new(StringComparer.Ordinal)
    {
        ["AccessDeniedException"] = (m, i, t, c, r, s) => new AccessDeniedException(m, i, t, c, r, s),
        ["ExpiredIteratorException"] = (m, i, t, c, r, s) => new ExpiredIteratorException(m, i, t, c, r, s),
        ["ExpiredNextTokenException"] = (m, i, t, c, r, s) => new ExpiredNextTokenException(m, i, t, c, r, s),
        ["InternalFailureException"] = (m, i, t, c, r, s) => new InternalFailureException(m, i, t, c, r, s),
        ["InvalidArgumentException"] = (m, i, t, c, r, s) => new InvalidArgumentException(m, i, t, c, r, s),
        ["KMSAccessDeniedException"] = (m, i, t, c, r, s) => new KMSAccessDeniedException(m, i, t, c, r, s),
        ["KMSDisabledException"] = (m, i, t, c, r, s) => new KMSDisabledException(m, i, t, c, r, s),
        ["KMSInvalidStateException"] = (m, i, t, c, r, s) => new KMSInvalidStateException(m, i, t, c, r, s),
        ["KMSNotFoundException"] = (m, i, t, c, r, s) => new KMSNotFoundException(m, i, t, c, r, s),
        // The one whose type is not named as its code is.
        ["KMSOptInRequired"] = (m, i, t, c, r, s) => new KMSOptInRequiredException(m, i, t, c, r, s),
        ["KMSThrottlingException"] = (m, i, t, c, r, s) => new KMSThrottlingException(m, i, t, c, r, s),
        ["LimitExceededException"] = (m, i, t, c, r, s) => new LimitExceededException(m, i, t, c, r, s),
        ["ProvisionedThroughputExceededException"] =
            (m, i, t, c, r, s) => new ProvisionedThroughputExceededException(m, i, t, c, r, s),
        ["ResourceInUseException"] = (m, i, t, c, r, s) => new ResourceInUseException(m, i, t, c, r, s),
        ["ResourceNotFoundException"] = (m, i, t, c, r, s) => new ResourceNotFoundException(m, i, t, c, r, s),
        ["ValidationException"] = (m, i, t, c, r, s) => new ValidationException(m, i, t, c, r, s),
    };

    public static AmazonKinesisException ToException(ErrorResponse error)
    {
        var make = error.Code is { } code && s_makers.TryGetValue(code, out var maker)
            ? maker
            : (m, i, t, c, r, s) => new AmazonKinesisException(m, i, t, c, r, s);
        return make(
            error.Message, error.InnerException, error.Type, error.Code, error.RequestId, error.StatusCode);
    }
}
