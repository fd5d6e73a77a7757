using Amazon.Lambda.RuntimeSupport.Bootstrap;

namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>What the service says about the function in the process's environment, read once.</summary>
internal sealed class FunctionEnvironment
{
    /// <exception cref="InvalidOperationException">Nothing says where the Runtime API is.</exception>
    public FunctionEnvironment(LambdaBootstrapOptions options) =>
        RuntimeApi = options?.RuntimeApiEndpoint ?? Host.Variable("AWS_LAMBDA_RUNTIME_API")
            ?? throw new InvalidOperationException(
                "The environment variable AWS_LAMBDA_RUNTIME_API is missing; Lambda, or what stands in for it, sets it "
                + "to host and port of the Runtime API.");

    /// <summary>Host and port.</summary>
    public string RuntimeApi { get; }

    public string FunctionName { get; } = Host.Variable("AWS_LAMBDA_FUNCTION_NAME");

    public string FunctionVersion { get; } = Host.Variable("AWS_LAMBDA_FUNCTION_VERSION");

    public int MemoryMebibytes { get; } = Host.Number("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");

    public string LogGroupName { get; } = Host.Variable("AWS_LAMBDA_LOG_GROUP_NAME");

    public string LogStreamName { get; } = Host.Variable("AWS_LAMBDA_LOG_STREAM_NAME");

    public FunctionLog Log { get; } = new(
        format: Host.Variable("AWS_LAMBDA_HANDLER_LOG_FORMAT") ?? Host.Variable("AWS_LAMBDA_LOG_FORMAT"),
        level: Host.Variable("AWS_LAMBDA_HANDLER_LOG_LEVEL") ?? Host.Variable("AWS_LAMBDA_LOG_LEVEL"));

    /// <summary>Keeps the heap within the function's memory, unless the environment says not to.</summary>
    public void LimitHeap()
    {
        var disabled = Host.Variable("AWS_LAMBDA_DOTNET_DISABLE_MEMORY_LIMIT_CHECK");
        if (!string.Equals(disabled, "true", StringComparison.OrdinalIgnoreCase))
        {
            Host.LimitHeap(MemoryMebibytes);
        }
    }
}
