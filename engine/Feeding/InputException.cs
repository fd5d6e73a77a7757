namespace Pipeline.Engine.Feeding;

/// <summary>The input cannot be read: the message says which file and why.</summary>
public sealed class InputException : Exception
{
    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public InputException()
    {
    }
}
