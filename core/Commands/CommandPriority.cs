namespace Pipeline.Core.Commands;

/// <summary>How soon a command must be carried out; each priority has a queue and a worker of its own.</summary>
public enum CommandPriority
{
    /// <summary>At once; its worker has the most memory and capacity.</summary>
    High,

    /// <summary>Soon.</summary>
    Normal,

    /// <summary>When there is time.</summary>
    Low,
}

/// <summary>The names of priorities in commands and routes.</summary>
public static class CommandPriorityNames
{
    /// <summary>The names, in the order of <see cref="CommandPriority"/>.</summary>
    public static IReadOnlyList<string> All { get; } = ["high", "normal", "low"];

    /// <summary>The priority's name: lower case, stable.</summary>
    public static string Name(this CommandPriority priority) => All[(int)priority];
}
