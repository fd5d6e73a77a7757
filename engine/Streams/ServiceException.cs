using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>What a service answers instead of a result: an error code of its API and a sentence.</summary>
/// <remarks>A fault like any other for a caller that knows only ports.</remarks>
public sealed class ServiceException(string code, string reason) : PortFaultException($"{code}: {reason}")
{
    public const string InvalidArgument = "InvalidArgumentException";
    public const string ResourceInUse = "ResourceInUseException";
    public const string ResourceNotFound = "ResourceNotFoundException";
    public const string LimitExceeded = "LimitExceededException";
    public const string ThroughputExceeded = "ProvisionedThroughputExceededException";
    public const string ExpiredIterator = "ExpiredIteratorException";
    public const string ExpiredNextToken = "ExpiredNextTokenException";

    /// <summary>The error's code, such as <c>ResourceInUseException</c>.</summary>
    public string Code => code;

    /// <summary>What was wrong and what is allowed, without the code.</summary>
    public string Reason => reason;

    /// <summary>Whether the same request is taken when some time has passed, so that it pays to wait.</summary>
    public bool PassesWithTime { get; init; }
}
