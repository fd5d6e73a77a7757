using Amazon.Lambda.Core;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>What a handler is told about an invocation: the headers of the Runtime API and the environment.</summary>
[Collection(Running.OneAtATime)]
public sealed class LambdaContextTests
{
    private const string Trace = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
    private const string Arn = "arn:aws:lambda:us-east-2:123456789012:function:custom-runtime";

    [Fact]
    public async Task Headers_and_environment_are_in_the_context()
    {
        using var environment = new ProcessEnvironment(
            ("AWS_LAMBDA_FUNCTION_NAME", "Validate"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_DOTNET_DISABLE_MEMORY_LIMIT_CHECK", "true"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "group"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "stream"));
        var context = await SeenAsync(("Lambda-Runtime-Invoked-Function-Arn", Arn));

        Assert.Equal("8476a536", context.AwsRequestId);
        Assert.Equal(Arn, context.InvokedFunctionArn);
        Assert.Equal("Validate", context.FunctionName);
        Assert.Equal("$LATEST", context.FunctionVersion);
        Assert.Equal(512, context.MemoryLimitInMB);
        Assert.Equal("group", context.LogGroupName);
        Assert.Equal("stream", context.LogStreamName);
        Assert.Null(context.ClientContext);
        Assert.Null(context.Identity);
    }

    [Fact]
    public async Task What_neither_headers_nor_environment_say_is_null()
    {
        var context = await SeenAsync(("Lambda-Runtime-Brand-New", "unknown to anyone"), ("X-Other", ""));
        Assert.Equal("8476a536", context.AwsRequestId);
        Assert.Null(context.InvokedFunctionArn);
        Assert.Null(context.FunctionName);
        Assert.Equal(0, context.MemoryLimitInMB);
    }

    // RS0030: this is the test of the property that nobody else may read.
#pragma warning disable RS0030
    [Fact]
    public async Task The_time_left_is_the_deadline_less_the_clock()
    {
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 60_000);
        var context = await SeenAsync(("Lambda-Runtime-Deadline-Ms", $"{deadline.ToUnixTimeMilliseconds()}"));
        var before = DateTimeOffset.UtcNow;
        var left = context.RemainingTime;
        Assert.InRange(left, deadline - DateTimeOffset.UtcNow, deadline - before);
    }
#pragma warning restore RS0030

    [Fact]
    public async Task The_trace_is_where_clients_of_AWS_look_for_it()
    {
        var seen = new List<string?>();
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) =>
        {
            seen.Add(ProcessEnvironment.Read("_X_AMZN_TRACE_ID"));
            return Task.FromResult(Stream.Null);
        });
        server.Invoke("traced", "{}", ("Lambda-Runtime-Trace-Id", Trace));
        await server.PostAsync();
        server.Invoke("untraced", "{}");
        await server.PostAsync();
        Assert.Equal([Trace, null], seen);
    }

    [Fact]
    public async Task An_invocation_id_is_sent_back_with_the_answer()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.Invoke("a", "{}", ("Lambda-Runtime-Invocation-Id", "try-2"));
        Assert.Equal("try-2", (await server.PostAsync()).Headers["Lambda-Runtime-Invocation-Id"]);
        server.Invoke("b", "{}");
        Assert.DoesNotContain("Lambda-Runtime-Invocation-Id", (await server.PostAsync()).Headers.Keys);
    }

    [Fact]
    public async Task A_request_id_is_a_part_of_a_path_whatever_it_holds()
    {
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, _) => Task.FromResult(Stream.Null));
        server.Invoke("a b?c", "{}");
        Assert.Equal(RuntimeApiServer.Root + "invocation/a b?c/response", (await server.PostAsync()).Path);
    }

    [Fact]
    public async Task A_caller_through_the_mobile_SDK_is_known()
    {
        var context = await SeenAsync(
            ("Lambda-Runtime-Cognito-Identity", """{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}"""),
            ("Lambda-Runtime-Client-Context",
                """
                {"client":{"installation_id":"i","app_title":"t","app_version_name":"n","app_version_code":"c",
                "app_package_name":"p"},"custom":{"k":"v"},"env":{"locale":"de"}}
                """.ReplaceLineEndings("")));
        Assert.Equal(("id", "pool"), (context.Identity.IdentityId, context.Identity.IdentityPoolId));
        var client = context.ClientContext.Client;
        Assert.Equal(
            ("i", "t", "n", "c", "p"),
            (client.InstallationId, client.AppTitle, client.AppVersionName, client.AppVersionCode,
                client.AppPackageName));
        Assert.Equal("v", context.ClientContext.Custom["k"]);
        Assert.Equal("de", context.ClientContext.Environment["locale"]);
    }

    private static async Task<ILambdaContext> SeenAsync(params (string Name, string Value)[] headers)
    {
        ILambdaContext? seen = null;
        using var server = new RuntimeApiServer();
        await using var running = Running.Start(server, (_, context) =>
        {
            seen = context;
            return Task.FromResult(Stream.Null);
        });
        server.Invoke("8476a536", "{}", headers);
        await server.PostAsync();
        return seen!;
    }
}
