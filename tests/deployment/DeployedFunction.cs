using System.Text.Json;
using Pipeline.Tests.Aws;
using Pipeline.Tests.Processes;
using Xunit;

namespace Pipeline.Tests.Deployment;

/// <summary>A function that was deployed, run as Lambda would: its code, its environment, its account.</summary>
internal sealed class DeployedFunction : IAsyncDisposable
{
    private readonly RuntimeApiServer _runtime;
    private readonly FunctionRun _run;

    private DeployedFunction(RuntimeApiServer runtime, FunctionRun run) => (_runtime, _run) = (runtime, run);

    public static async Task<DeployedFunction> StartAsync(DeployedStack stack, string name)
    {
        var function = stack.Functions[name];
        var (folder, _) = await stack.CodeAsync(name);
        var runtime = new RuntimeApiServer();
        var environment = new Dictionary<string, string>(stack.Aws.Environment)
        {
            ["_HANDLER"] = function.GetProperty("Handler").GetString()!,
            ["LAMBDA_TASK_ROOT"] = folder,
            ["AWS_LAMBDA_RUNTIME_API"] = runtime.Endpoint,
            ["AWS_LAMBDA_FUNCTION_NAME"] = function.GetProperty("FunctionName").GetString()!,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function.GetProperty("MemorySize").ToString(),
        };
        foreach (var variable in function.GetProperty("Environment").GetProperty("Variables").EnumerateObject())
        {
            environment[variable.Name] = variable.Value.GetString()!;
        }
        return new DeployedFunction(runtime, FunctionRun.StartNative(folder, environment));
    }

    /// <summary>Invokes it; all of the batch must be done.</summary>
    public async Task InvokeAsync(string payload) =>
        Assert.Equal("""{"batchItemFailures":[]}""", await _runtime.AnswerAsync(payload));

    /// <summary>Ends it; answers the lines it wrote.</summary>
    public Task<List<JsonElement>> LinesAsync() => _run.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        _runtime.Dispose();
    }
}
