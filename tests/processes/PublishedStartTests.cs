using System.Text.Json;
using Pipeline.Functions;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>A published binary that cannot start says why in one sentence, to Lambda and in its log.</summary>
[Collection(PublishedFunctions.Collection)]
public sealed class PublishedStartTests
{
    // No service is asked before the start is over.
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    public static TheoryData<string> Functions => [.. Catalogue.Names];

    [Theory]
    [MemberData(nameof(Functions))]
    public async Task A_missing_setting_is_named(string name)
    {
        foreach (var setting in (string[])["BUCKET", "AWS_REGION", "FUNCTION_TIMEOUT_SECONDS", "LAMBDA_TASK_ROOT"])
        {
            var error = await FailureAsync(name, environment => environment.Remove(setting));
            Assert.Equal($"Function {name}: the setting {setting} is missing.", error);
        }
    }

    [Fact]
    public async Task A_wrong_setting_is_named_with_what_is_allowed() =>
        Assert.Equal(
            "Function Validate: the setting SLOTS is 'many'; allowed is a whole number from 1 to 65536.",
            await FailureAsync("Validate", environment => environment["SLOTS"] = "many"));

    [Theory]
    [InlineData("Validate", "schemas/http.request.schema.json", "\"object\"", "\"objects\"", "#/type: ")]
    [InlineData("Validate", "pipeline.json", "\"PT1M\"", "\"a minute\"", "#/allowedDisorder: ")]
    [InlineData("Enrich", "enrich.json", "\"PT10S\"", "\"soon\"", "#/blockListStaleness: ")]
    [InlineData("FilterCritical", "filter.json", "numeric", "numerical", "#/critical/")]
    [InlineData("Route", "routes.json", "\"priority\": \"high\"", "\"priority\": \"urgent\"", "#/routes/0/priority: ")]
    [InlineData("ExecuteHigh", "execute.json", "\"PT24H\"", "\"a day\"", "#/blockFor: ")]
    public async Task A_mistake_in_the_configuration_is_named_with_file_and_pointer(
        string name, string file, string text, string wrong, string pointer)
    {
        using var root = new TaskRoot();
        root.Change(file, content =>
        {
            Assert.Contains(text, content);
            return content.Replace(text, wrong, StringComparison.Ordinal);
        });
        var error = await FailureAsync(name, environment => environment["LAMBDA_TASK_ROOT"] = root.Path);
        Assert.StartsWith("functions/config/" + file, error);
        Assert.Contains(pointer, error);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named()
    {
        using var root = new TaskRoot();
        root.Delete("routes.json");
        Assert.Equal(
            "functions/config/routes.json: the file is missing.",
            await FailureAsync("Route", environment => environment["LAMBDA_TASK_ROOT"] = root.Path));
    }

    [Fact]
    public async Task A_country_database_that_is_none_is_named()
    {
        using var root = new TaskRoot();
        var error = await FailureAsync("Enrich", environment =>
        {
            environment["LAMBDA_TASK_ROOT"] = root.Path;
            environment["GEO_DATABASE"] = "config/enrich.json";
        });
        Assert.StartsWith("The setting GEO_DATABASE names config/enrich.json, which is no MMDB file: ", error);
    }

    [Fact]
    public async Task A_name_that_no_function_has_is_answered_with_those_there_are() =>
        Assert.Equal(
            $"There is no function 'Validat'; there are {string.Join(", ", Catalogue.Names)}.",
            await FailureAsync("Validate", environment => environment["PIPELINE_FUNCTION"] = "Validat"));

    [Fact]
    public async Task Without_a_name_the_names_are_told() =>
        Assert.Equal(
            "The setting PIPELINE_FUNCTION is missing, and _HANDLER too; allowed is one of "
            + $"{string.Join(", ", Catalogue.Names)}.",
            await FailureAsync("Validate", environment =>
            {
                environment.Remove("PIPELINE_FUNCTION");
                environment.Remove("_HANDLER");
            }));

    [Fact]
    public async Task Without_a_function_name_the_handler_names_it()
    {
        var folder = PublishedFunctions.Native().Folder;
        using var runtime = new RuntimeApiServer();
        var environment = FunctionSettings.Of("Route", folder, runtime.Endpoint, Nowhere);
        environment.Remove("PIPELINE_FUNCTION");
        await using var function = FunctionRun.StartNative(folder, environment);
        await runtime.AskedAsync();
        Assert.Empty(await function.StopAsync());
    }

    [Fact]
    public async Task Outside_of_Lambda_it_says_what_is_missing()
    {
        var folder = PublishedFunctions.Native().Folder;
        var environment = FunctionSettings.Of("Route", folder, "127.0.0.1:9", Nowhere);
        environment.Remove("AWS_LAMBDA_RUNTIME_API");
        await using var function = FunctionRun.StartNative(folder, environment);
        Assert.Equal(
            (1, "", "Function Route: the setting AWS_LAMBDA_RUNTIME_API is missing.\n"), await function.EndAsync());
    }

    [Fact]
    public async Task A_mistake_is_told_although_nobody_takes_the_report()
    {
        var folder = PublishedFunctions.Native().Folder;
        var environment = FunctionSettings.Of("Route", folder, "127.0.0.1:9", Nowhere);
        environment.Remove("BUCKET");
        await using var function = FunctionRun.StartNative(folder, environment);
        Assert.Equal((1, "", "Function Route: the setting BUCKET is missing.\n"), await function.EndAsync());
    }

    /// <summary>The sentence, after it was told alike to Lambda and on standard error.</summary>
    private static async Task<string> FailureAsync(string name, Action<Dictionary<string, string>> change)
    {
        var folder = PublishedFunctions.Native().Folder;
        using var runtime = new RuntimeApiServer();
        var environment = FunctionSettings.Of(name, folder, runtime.Endpoint, Nowhere);
        change(environment);
        await using var function = FunctionRun.StartNative(folder, environment);
        var post = await runtime.PostAsync();
        var (exitCode, _, error) = await function.EndAsync();

        Assert.Equal(1, exitCode);
        Assert.Equal(RuntimeApiServer.Root + "init/error", post.Path);
        Assert.Equal("Runtime.ConfigInvalid", post.Headers["Lambda-Runtime-Function-Error-Type"]);
        using var document = JsonDocument.Parse(post.Body);
        Assert.Equal("ConfigurationException", document.RootElement.GetProperty("errorType").GetString());
        var message = document.RootElement.GetProperty("errorMessage").GetString()!;
        Assert.Equal(message + "\n", error);
        return message;
    }

    /// <summary>A copy of the published configuration, to be spoiled.</summary>
    private sealed class TaskRoot : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-task-");

        public TaskRoot()
        {
            var config = System.IO.Path.Combine(PublishedFunctions.Native().Folder, "config");
            foreach (var file in Directory.EnumerateFiles(config, "*", SearchOption.AllDirectories))
            {
                var copy = InConfig(System.IO.Path.GetRelativePath(config, file));
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        public string Path => _folder.FullName;

        public void Change(string file, Func<string, string> change) =>
            File.WriteAllText(InConfig(file), change(File.ReadAllText(InConfig(file))));

        public void Delete(string file) => File.Delete(InConfig(file));

        public void Dispose() => _folder.Delete(recursive: true);

        private string InConfig(string file) => System.IO.Path.Combine(Path, "config", file);
    }
}
