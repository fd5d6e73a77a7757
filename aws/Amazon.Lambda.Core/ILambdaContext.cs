namespace Amazon.Lambda.Core;

/// <summary>What the Lambda service says about one invocation.</summary>
public interface ILambdaContext
{
    /// <summary>The id of the request; the same for every retry of it.</summary>
    string AwsRequestId { get; }

    /// <summary>What the AWS Mobile SDK says about the calling app; null for any other caller.</summary>
    IClientContext ClientContext { get; }

    /// <summary>The function's name.</summary>
    string FunctionName { get; }

    /// <summary>The function's version, such as <c>$LATEST</c>; behind an alias, the one it stands for.</summary>
    string FunctionVersion { get; }

    /// <summary>The Cognito identity of a caller through the AWS Mobile SDK; null for any other caller.</summary>
    ICognitoIdentity Identity { get; }

    /// <summary>The ARN that was called: the function's or an alias's.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>Writes to the function's log.</summary>
    ILambdaLogger Logger { get; }

    /// <summary>The function's log group; null without permission to write to it.</summary>
    string LogGroupName { get; }

    /// <summary>The log stream of this instance; null without permission to write to it.</summary>
    string LogStreamName { get; }

    /// <summary>The function's memory, in MB.</summary>
    int MemoryLimitInMB { get; }

    /// <summary>Time until the service ends the invocation, by the host's clock; zero or less after it.</summary>
    TimeSpan RemainingTime { get; }
}
