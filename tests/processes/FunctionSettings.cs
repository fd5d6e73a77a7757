using System.Text.Json.Nodes;

namespace Pipeline.Tests.Processes;

/// <summary>A function's environment as Lambda makes it: the template's variables, and the service's own.</summary>
internal static class FunctionSettings
{
    public const string Bucket = "data-bucket";

    /// <summary>The environment of a function.</summary>
    /// <param name="name">The function's logical id.</param>
    /// <param name="root">The folder of its code.</param>
    /// <param name="runtimeApi">Host and port of the Runtime API.</param>
    /// <param name="services">Where all other services are.</param>
    public static Dictionary<string, string> Of(string name, string root, string runtimeApi, Uri services)
    {
        var function = Infra.Template.Committed()[name];
        var environment = new Dictionary<string, string>
        {
            ["_HANDLER"] = function["Handler"]!,
            ["LAMBDA_TASK_ROOT"] = root,
            ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
            ["AWS_LAMBDA_FUNCTION_NAME"] = name,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function["MemorySize"]!,
            ["AWS_REGION"] = "us-east-2",
            ["AWS_ACCESS_KEY_ID"] = "key",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["AWS_SESSION_TOKEN"] = "token",
            ["AWS_ENDPOINT_URL"] = services.ToString(),
        };
        foreach (var (variable, value) in function.At("Environment", "Variables")!.AsObject())
        {
            environment[variable] = Resolved(value, services);
        }
        return environment;
    }

    // What a reference gives: a name, for a queue its URL.
    private static string Resolved(JsonNode? value, Uri services) => Infra.Template.Text(value) switch
    {
        "${Data}" => Bucket,
        { } queue when queue.StartsWith("${Commands", StringComparison.Ordinal) =>
            new Uri(services, "/123456789012/" + queue.Trim('$', '{', '}')).ToString(),
        { } text => text.Trim('$', '{', '}'),
    };
}
