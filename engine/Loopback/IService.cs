using Microsoft.AspNetCore.Http;
using Pipeline.Core;

namespace Pipeline.Engine.Loopback;

/// <summary>One service of AWS, by its protocol.</summary>
public interface IService
{
    /// <summary>Whether a request is for this service.</summary>
    bool Takes(ServiceRequest request);

    /// <summary>Answers a request that someone makes.</summary>
    /// <exception cref="PortFaultException">It is refused, or fails.</exception>
    Task<ServiceAnswer> AnswerAsync(ServiceRequest request, ICaller caller);

    /// <summary>Tells of a refusal as the service does.</summary>
    ServiceAnswer Refuse(ServiceRequest request, PortFaultException refusal);
}

/// <summary>A request as it came.</summary>
/// <param name="Target">Path and query, still encoded.</param>
/// <param name="Id">Tells it apart in the answer.</param>
public sealed record ServiceRequest(
    string Method, string Target, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body, string Id)
{
    /// <summary>A header's text; null when there is none.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}

/// <summary>An answer.</summary>
/// <param name="ContentType">Null for an answer without a body.</param>
public sealed record ServiceAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Headers besides those that every answer has.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The length that is told when the body itself is not sent, as for HEAD.</summary>
    public long? ContentLength { get; init; }
}

/// <summary>Codes with which every service refuses; S3 has words of its own for them.</summary>
internal static class RefusalCode
{
    public const string NoCredentials = "MissingAuthenticationTokenException";
    public const string UnknownCaller = "UnrecognizedClientException";
    public const string Denied = "AccessDeniedException";
    public const string Failure = "InternalFailure";
}
