using System.Globalization;
using Pipeline.Engine.Template;

namespace Pipeline.Engine.Isolation;

/// <summary>
/// The environment variables of a function's process: the template's, the platform's, and nothing else.
/// </summary>
/// <remarks>Source: "Defined runtime environment variables".</remarks>
internal static class FunctionEnvironment
{
    private static readonly string[] s_endpoints = ["AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"];

    /// <summary>The variables of one instance.</summary>
    /// <param name="accessKeyId">Says in each call which instance makes it.</param>
    /// <param name="services">Where the services listen.</param>
    /// <param name="runtimeApi">Where the instance's Runtime API listens.</param>
    public static IReadOnlyDictionary<string, string> Of(
        FunctionModel model, FunctionCommand command, string accessKeyId, Uri services, Uri runtimeApi)
    {
        // Whatever endpoints the template names, the function calls ours and nobody else.
        var template = model.Environment.Where(variable => !s_endpoints.Any(
            name => variable.Key.StartsWith(name, StringComparison.Ordinal)));
        var variables = new Dictionary<string, string>(template, StringComparer.Ordinal)
        {
            ["_HANDLER"] = model.Function,
            ["AWS_ACCESS_KEY_ID"] = accessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = accessKeyId,
            ["AWS_SESSION_TOKEN"] = accessKeyId,
            ["AWS_REGION"] = Account.Region,
            ["AWS_DEFAULT_REGION"] = Account.Region,
            ["AWS_ENDPOINT_URL"] = services.GetLeftPart(UriPartial.Authority),
            ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi.Authority,
            ["AWS_LAMBDA_FUNCTION_NAME"] = model.LogicalId,
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = model.MemoryMebibytes.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{model.LogicalId}",
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = "engine",
            ["LAMBDA_TASK_ROOT"] = command.TaskRoot,
            ["LANG"] = "en_US.UTF-8",
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["TZ"] = ":UTC",
        };
        if (OperatingSystem.IsWindows())
        {
            // No process opens a socket without it.
            variables["SystemRoot"] = Environment.GetFolderPath(Environment.SpecialFolder.Windows);
        }
        return variables;
    }
}
