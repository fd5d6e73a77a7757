namespace Amazon.Lambda.Core;

/// <summary>Writes to the function's log.</summary>
/// <remarks>
/// An implementation needs only <see cref="Log(string)"/> and <see cref="LogLine"/>: without its own idea of levels the
/// level is dropped and every message becomes a line.
/// </remarks>
public interface ILambdaLogger
{
    /// <summary>Writes the message as it is, without ending the line.</summary>
    void Log(string message);

    /// <summary>Writes the message and ends the line.</summary>
    void LogLine(string message);

    /// <summary>Writes the message at a level given by name; an unknown name is the logger's to judge.</summary>
    void Log(string level, string message) => LogLine(message);

    /// <summary>Writes the message at the level.</summary>
    void Log(LogLevel level, string message) => Log(level.ToString(), message);

    /// <summary>Writes the message at <see cref="LogLevel.Trace"/>.</summary>
    void LogTrace(string message) => Log(LogLevel.Trace, message);

    /// <summary>Writes the message at <see cref="LogLevel.Debug"/>.</summary>
    void LogDebug(string message) => Log(LogLevel.Debug, message);

    /// <summary>Writes the message at <see cref="LogLevel.Information"/>.</summary>
    void LogInformation(string message) => Log(LogLevel.Information, message);

    /// <summary>Writes the message at <see cref="LogLevel.Warning"/>.</summary>
    void LogWarning(string message) => Log(LogLevel.Warning, message);

    /// <summary>Writes the message at <see cref="LogLevel.Error"/>.</summary>
    void LogError(string message) => Log(LogLevel.Error, message);

    /// <summary>Writes the message at <see cref="LogLevel.Critical"/>.</summary>
    void LogCritical(string message) => Log(LogLevel.Critical, message);
}
