namespace Pipeline.Core;

/// <summary>What a user configured is wrong: the message says where, what was found and what is allowed. The start stops.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message)
        : base(message)
    {
    }

    public ConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ConfigurationException()
    {
    }
}
