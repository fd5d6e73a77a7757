namespace Amazon.Lambda.RuntimeSupport.Bootstrap;

/// <summary>What a test may set; on Lambda the environment says it.</summary>
public class LambdaBootstrapOptions
{
    /// <summary>Host and port of the Runtime API; null for what <c>AWS_LAMBDA_RUNTIME_API</c> says.</summary>
    public string RuntimeApiEndpoint { get; set; }
}
