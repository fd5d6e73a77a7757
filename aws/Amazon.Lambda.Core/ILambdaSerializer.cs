namespace Amazon.Lambda.Core;

/// <summary>Turns an invocation's payload into the handler's argument, and its result into the response.</summary>
public interface ILambdaSerializer
{
    /// <summary>Reads the payload.</summary>
    /// <typeparam name="T">The handler's argument type.</typeparam>
    /// <param name="requestStream">The whole payload; stays open.</param>
    T Deserialize<T>(Stream requestStream);

    /// <summary>Writes the response.</summary>
    /// <typeparam name="T">The handler's result type.</typeparam>
    /// <param name="response">The handler's result.</param>
    /// <param name="responseStream">Where it goes; stays open.</param>
    void Serialize<T>(T response, Stream responseStream);
}
