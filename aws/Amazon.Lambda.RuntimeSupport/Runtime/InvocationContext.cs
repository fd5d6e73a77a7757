using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>The context of an invocation: its headers, and what the environment says about the function.</summary>
internal sealed class InvocationContext(InvocationHeaders headers, FunctionEnvironment environment) : ILambdaContext
{
    public InvocationHeaders Headers => headers;

    public string AwsRequestId => headers.RequestId;

    public IClientContext ClientContext => field ??= MobileClient.Read(headers.ClientContext);

    public string FunctionName => environment.FunctionName;

    public string FunctionVersion => environment.FunctionVersion;

    public ICognitoIdentity Identity => field ??= MobileIdentity.Read(headers.CognitoIdentity);

    public string InvokedFunctionArn => headers.FunctionArn;

    public ILambdaLogger Logger => environment.Log;

    public string LogGroupName => environment.LogGroupName;

    public string LogStreamName => environment.LogStreamName;

    public int MemoryLimitInMB => environment.MemoryMebibytes;

    public TimeSpan RemainingTime => headers.Deadline - Host.Now;

    private sealed record MobileIdentity(string IdentityId, string IdentityPoolId) : ICognitoIdentity
    {
        public static MobileIdentity Read(string json)
        {
            if (json is null)
            {
                return null;
            }
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new(Text(root, "cognitoIdentityId"), Text(root, "cognitoIdentityPoolId"));
        }
    }

    private sealed record MobileClient(
        IClientApplication Client, IDictionary<string, string> Custom, IDictionary<string, string> Environment)
        : IClientContext
    {
        public static MobileClient Read(string json)
        {
            if (json is null)
            {
                return null;
            }
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var client = root.TryGetProperty("client", out var app) && app.ValueKind == JsonValueKind.Object
                ? MobileApplication.Read(app)
                : null;
            return new(client, Texts(root, "custom"), Texts(root, "env"));
        }
    }

    private sealed record MobileApplication(
        string AppPackageName, string AppTitle, string AppVersionCode, string AppVersionName, string InstallationId)
        : IClientApplication
    {
        public static MobileApplication Read(JsonElement app) => new(
            Text(app, "app_package_name"), Text(app, "app_title"), Text(app, "app_version_code"),
            Text(app, "app_version_name"), Text(app, "installation_id"));
    }

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static Dictionary<string, string> Texts(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Object
            ? values.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString())
            : null;
}
