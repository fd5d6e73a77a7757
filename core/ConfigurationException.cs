namespace Pipeline.Core;

/// <summary>
/// A mistake in a file that a user edits: it stops the start, and says where, what was found and what is allowed.
/// </summary>
public sealed class ConfigurationException : Exception
{
    /// <summary>A mistake at a place in a file: <c>file#/pointer: problem</c>.</summary>
    /// <param name="file">The file, as its user knows it.</param>
    /// <param name="pointer">A JSON pointer into it; "" for the whole.</param>
    /// <param name="problem">What was found and what is allowed, in a sentence.</param>
    public ConfigurationException(string file, string pointer, string problem)
        : base(pointer.Length > 0 ? $"{file}#{pointer}: {problem}" : $"{file}: {problem}")
    {
    }

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
