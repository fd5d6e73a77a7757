using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pipeline.Tests.Processes;

/// <summary>A function in a process of its own, with no environment but what a test gives it.</summary>
internal sealed partial class FunctionRun : IAsyncDisposable
{
    private const int SigTerm = 15;

    /// <summary>No test waits longer for a process that does not end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private FunctionRun(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts <c>bootstrap</c>, as <c>provided.al2023</c> does.</summary>
    public static FunctionRun StartNative(string folder, IReadOnlyDictionary<string, string> environment) =>
        new(new ProcessStartInfo(Path.Combine(folder, "bootstrap")) { WorkingDirectory = folder }, environment);

    /// <summary>
    /// Starts an assembly as <c>dotnet10</c> does: without a colon the handler is the name of an assembly in the task's
    /// root, which is executed as it stands.
    /// </summary>
    /// <remarks>Source: the bootstrap script of AWS's .NET runtime, aws/aws-lambda-dotnet.</remarks>
    public static FunctionRun StartManaged(IReadOnlyDictionary<string, string> environment)
    {
        var assembly = Path.Combine(environment["LAMBDA_TASK_ROOT"], environment["_HANDLER"] + ".dll");
        // The host that runs these tests: it is there, whatever the path says.
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return new(new ProcessStartInfo(host, ["exec", assembly]), environment);
    }

    /// <summary>Tells it to stop, as Lambda does.</summary>
    public void Terminate() => Xunit.Assert.Equal(0, Kill(_process.Id, SigTerm));

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (_process.ExitCode, await _output, await _error);
    }

    /// <summary>Tells it to stop; answers the lines it wrote, each of which must be JSON.</summary>
    public async Task<List<JsonElement>> StopAsync()
    {
        Terminate();
        var (exitCode, output, error) = await EndAsync();
        Xunit.Assert.Equal((0, ""), (exitCode, error));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await Task.WhenAll(_process.WaitForExitAsync(), _output, _error);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
