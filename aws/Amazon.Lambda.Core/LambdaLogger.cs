namespace Amazon.Lambda.Core;

/// <summary>Writes to the function's log where no <see cref="ILambdaContext"/> is at hand.</summary>
public static class LambdaLogger
{
    /// <summary>Writes the message as a line to standard output, which Lambda sends to the log.</summary>
    public static void Log(string message) => Console.WriteLine(message);
}
