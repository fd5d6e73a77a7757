namespace Pipeline.Core;

/// <summary>
/// An invocation's payload is not what the platform sends: a fault of the set-up, never of event data. The message says
/// what was found and at which byte.
/// </summary>
public sealed class InvalidPayloadException : Exception
{
    public InvalidPayloadException(string message)
        : base(message)
    {
    }

    public InvalidPayloadException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public InvalidPayloadException()
    {
    }
}
