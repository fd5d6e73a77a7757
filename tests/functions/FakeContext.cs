using Amazon.Lambda.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Functions;

/// <summary>An invocation that must be over at a deadline, by some clock.</summary>
internal sealed class FakeContext(DateTimeOffset deadline, TimeProvider clock) : ILambdaContext
{
    /// <summary>An invocation that begins now.</summary>
    public FakeContext(Scheduler scheduler, TimeSpan timeout)
        : this(scheduler.Now + timeout, scheduler.Clock)
    {
    }

    public TimeSpan RemainingTime => deadline - clock.GetUtcNow();

    public string AwsRequestId => "request";

    public string FunctionName => "Test";

    public string FunctionVersion => "$LATEST";

    public string InvokedFunctionArn => "arn:aws:lambda:us-east-1:123456789012:function:Test";

    public int MemoryLimitInMB => 128;

    public string LogGroupName => "group";

    public string LogStreamName => "stream";

    public IClientContext ClientContext => null!;

    public ICognitoIdentity Identity => null!;

    public ILambdaLogger Logger => null!;
}
