using Amazon.Lambda.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Functions;

/// <summary>What the engine tells a function of its invocation.</summary>
internal sealed class EngineContext(
    string requestId, string function, string arn, int memoryMebibytes, DateTimeOffset deadline, Scheduler scheduler)
    : ILambdaContext
{
    public string AwsRequestId => requestId;

    public string FunctionName => function;

    public string FunctionVersion => "$LATEST";

    public string InvokedFunctionArn => arn;

    public int MemoryLimitInMB => memoryMebibytes;

    /// <summary>When the invocation is killed.</summary>
    public DateTimeOffset Deadline => deadline;

    public TimeSpan RemainingTime => deadline - scheduler.Now;

    public string LogGroupName => $"/aws/lambda/{function}";

    public string LogStreamName => "engine";

    public IClientContext ClientContext => null!;

    public ICognitoIdentity Identity => null!;

    public ILambdaLogger Logger => SilentLogger.Instance;

    /// <summary>Functions log through their output port.</summary>
    private sealed class SilentLogger : ILambdaLogger
    {
        public static SilentLogger Instance { get; } = new();

        public void Log(string message)
        {
        }

        public void LogLine(string message)
        {
        }
    }
}
