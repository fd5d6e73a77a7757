using Pipeline.Core;

namespace Pipeline.Engine.Loopback;

/// <summary>Those who may call the services, by their access keys.</summary>
public interface ICallers
{
    /// <summary>The caller of an access key; null when there is none.</summary>
    ICaller? Find(string accessKeyId);
}

/// <summary>
/// One who calls services. Everything a call does is done on the engine's thread, in the caller's name.
/// </summary>
public interface ICaller
{
    /// <summary>Makes a call.</summary>
    /// <exception cref="PortFaultException">The service refuses it, or fails.</exception>
    /// <exception cref="OperationCanceledException">Nobody is there any more to hear the answer.</exception>
    Task<T> CallAsync<T>(ServiceCall<T> call);
}

/// <summary>One operation of a service, as it is to be done on the engine's thread.</summary>
public sealed class ServiceCall<T>(Func<T> run)
{
    /// <summary>Whether it is a request to the bucket.</summary>
    public bool IsOfBucket { get; init; }

    /// <summary>The answer 409 of a conditional write; null when the operation has none.</summary>
    public Func<T>? Conflict { get; init; }

    /// <summary>Whether an answer tells the caller to wait before it tries again; what is thrown always does.</summary>
    public Func<T, bool> AsksToWait { get; init; } = _ => false;

    /// <summary>Does it.</summary>
    public T Run() => run();
}
