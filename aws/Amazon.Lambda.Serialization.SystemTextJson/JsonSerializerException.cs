namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>A payload or a response that could not be read or written; the inner exception says why.</summary>
public class JsonSerializerException : Exception
{
    /// <summary>With a message alone.</summary>
    public JsonSerializerException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what caused it.</summary>
    public JsonSerializerException(string message, Exception exception)
        : base(message, exception)
    {
    }
}
