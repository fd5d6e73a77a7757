using Amazon.Lambda.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Functions;

/// <summary>An invocation that begins now.</summary>
internal sealed class FakeContext(Scheduler scheduler, TimeSpan timeout) : ILambdaContext
{
    private readonly DateTimeOffset _deadline = scheduler.Now + timeout;

    public TimeSpan RemainingTime => _deadline - scheduler.Now;

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
