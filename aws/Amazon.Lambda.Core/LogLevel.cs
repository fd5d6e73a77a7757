namespace Amazon.Lambda.Core;

/// <summary>How much a log message matters, least first.</summary>
public enum LogLevel
{
    /// <summary>Every step.</summary>
    Trace = 0,

    /// <summary>For whoever looks for a mistake.</summary>
    Debug = 1,

    /// <summary>Normal work. The least level Lambda writes by default.</summary>
    Information = 2,

    /// <summary>Unexpected, and dealt with.</summary>
    Warning = 3,

    /// <summary>This piece of work failed.</summary>
    Error = 4,

    /// <summary>Nothing works.</summary>
    Critical = 5,
}
