using Amazon.Lambda.RuntimeSupport;
using Pipeline.Core;
using Pipeline.Functions.Adapters;

namespace Pipeline.Functions;

/// <summary>One function in a process of its own, as Lambda runs it: composed once, asked over and over.</summary>
public static class FunctionProcess
{
    private const string NameSetting = "PIPELINE_FUNCTION";
    private const string HandlerSetting = "_HANDLER";
    private const string RuntimeApiSetting = "AWS_LAMBDA_RUNTIME_API";

    // "Initialization error": the form that AWS recommends, and its own example.
    private const string ConfigInvalid = "Runtime.ConfigInvalid";

    /// <summary>Runs the function that the environment names until it is told to stop.</summary>
    /// <param name="error">Gets one sentence when the function cannot start or go on.</param>
    /// <returns>The process's exit code: 0 when it was told to stop, 1 when it could not start or go on.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyDictionary<string, string> environment, IOutputPort output, TextWriter error, TimeProvider time,
        Random random, CancellationToken stop)
    {
        using var http = LambdaBootstrap.ConstructHttpClient();
        try
        {
            var function = Compose(environment, output, time, random);
            using var bootstrap = LambdaBootstrapBuilder.Create(function.Handler).UseHttpClient(http).Build();
            await bootstrap.RunAsync(stop);
            return 0;
        }
        catch (ConfigurationException mistake)
        {
            await error.WriteLineAsync(mistake.Message);
            await ReportAsync(environment, http, mistake);
        }
        catch (Exception broken) when (IsEndOfService(broken))
        {
            await error.WriteLineAsync($"The function cannot go on, and its process ends: {broken.Message}");
        }
        return 1;
    }

    /// <exception cref="ConfigurationException">A setting or a file of the configuration is wrong.</exception>
    private static LambdaFunction Compose(
        IReadOnlyDictionary<string, string> environment, IOutputPort output, TimeProvider time, Random random)
    {
        var name = NameOf(environment);
        var compose = Catalogue.Find(name);
        var settings = new Settings(name, environment);
        _ = settings.Text(RuntimeApiSetting);
        try
        {
            return compose(environment, AwsPorts.Create(settings, output, random), time);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Function {name}: {unreadable.Message}", unreadable);
        }
    }

    private static string NameOf(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var setting in (ReadOnlySpan<string>)[NameSetting, HandlerSetting])
        {
            if (environment.TryGetValue(setting, out var name) && name.Length > 0)
            {
                return name;
            }
        }
        throw new ConfigurationException(
            $"The setting {NameSetting} is missing, and {HandlerSetting} too; allowed is one of "
            + $"{string.Join(", ", Catalogue.Names)}.");
    }

    private static async Task ReportAsync(
        IReadOnlyDictionary<string, string> environment, HttpClient http, ConfigurationException mistake)
    {
        if (!environment.ContainsKey(RuntimeApiSetting))
        {
            return;
        }
        try
        {
            await new RuntimeApiClient(http).ReportInitializationErrorAsync(mistake, ConfigInvalid);
        }
        // The sentence was told already, and the process ends in any case.
        catch (Exception broken) when (IsEndOfService(broken))
        {
        }
    }

    private static bool IsEndOfService(Exception exception) =>
        exception is RuntimeApiClientException or HttpRequestException or IOException;
}
