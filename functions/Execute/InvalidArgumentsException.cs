namespace Pipeline.Functions.Execute;

/// <summary>A command's arguments are wrong; says which, what was found and what is allowed, not its value.</summary>
public sealed class InvalidArgumentsException : Exception
{
    public InvalidArgumentsException(string message)
        : base(message)
    {
    }

    public InvalidArgumentsException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public InvalidArgumentsException()
    {
    }
}
