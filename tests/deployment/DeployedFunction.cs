using System.Text.Json;
using Pipeline.Tests.Aws;
using Pipeline.Tests.Isolated;
using Xunit;

namespace Pipeline.Tests.Deployment;

/// <summary>A function that was deployed, run as Lambda would: its code, its environment, its account.</summary>
internal sealed class DeployedFunction : IAsyncDisposable
{
    private readonly RuntimeApiServer _runtime;
    private readonly FunctionRun _run;
    private int _invocations;

    private DeployedFunction(RuntimeApiServer runtime, FunctionRun run) => (_runtime, _run) = (runtime, run);

    public static async Task<DeployedFunction> StartAsync(DeployedStack stack, string name)
    {
        var function = stack.Functions[name];
        var (folder, _) = await stack.CodeAsync(name);
        var runtime = await RuntimeApiServer.StartAsync();
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
    public async Task InvokeAsync(string payload)
    {
        var id = $"request-{++_invocations}";
        _runtime.Invoke(id, payload, ("Lambda-Runtime-Deadline-Ms", $"{Deadline()}"));
        var post = await _runtime.PostAsync();
        Assert.Equal(
            (RuntimeApiServer.Root + $"invocation/{id}/response", """{"batchItemFailures":[]}"""),
            (post.Path, post.Text));
    }

    /// <summary>Ends it; answers the lines it wrote.</summary>
    public Task<List<JsonElement>> LinesAsync() => _run.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        await _runtime.DisposeAsync();
    }

    // RS0030: the process has the machine's clock, so its deadline is by the same.
#pragma warning disable RS0030
    private static long Deadline() => DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds();
#pragma warning restore RS0030
}
