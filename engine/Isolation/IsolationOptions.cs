using System.Runtime.InteropServices;
using Pipeline.Core;

namespace Pipeline.Engine.Isolation;

/// <summary>
/// Functions run as processes of their own, by the Runtime API, and call the engine as they would call AWS.
/// </summary>
/// <param name="Command">What starts a function.</param>
/// <param name="RealTime">The clock by which processes compute and wait.</param>
public sealed record IsolationOptions(FunctionCommand Command, TimeProvider RealTime)
{
    /// <summary>How long a process may take from its start to its first poll. Source: "Lambda quotas", 10 s.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The processes that are alive; whoever ends early ends them.</summary>
    public FunctionProcesses Processes { get; init; } = new();

    /// <summary>Called with a function's name and a process's number whenever one was started.</summary>
    public Action<string, int>? Started { get; init; }
}

/// <summary>A program and what it is called with; the same for every function.</summary>
/// <param name="TaskRoot">The folder it starts in, which holds its files.</param>
public sealed record FunctionCommand(string Program, IReadOnlyList<string> Arguments, string TaskRoot)
{
    /// <summary>The native executable's name, as Lambda wants it.</summary>
    public const string Native = "bootstrap";

    private const string RuntimeConfig = ".runtimeconfig.json";

    /// <summary>What starts the functions of a published folder: the native executable, or the managed one.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static FunctionCommand In(string folder)
    {
        var root = Path.GetFullPath(folder);
        var native = Path.Combine(root, OperatingSystem.IsWindows() ? Native + ".exe" : Native);
        if (File.Exists(native))
        {
            return new FunctionCommand(native, [], root);
        }
        var managed = Directory.Exists(root)
            ? Directory.EnumerateFiles(root, "*" + RuntimeConfig).Order(StringComparer.Ordinal).FirstOrDefault()
            : null;
        return managed is null
            ? throw new ConfigurationException(
                $"The artifact '{folder}' holds no functions: there is neither '{Path.GetFileName(native)}' nor a "
                + $"'*{RuntimeConfig}' in it; allowed is a folder that `dotnet publish functions` wrote.")
            : Managed(managed[..^RuntimeConfig.Length] + ".dll", root);
    }

    /// <summary>What starts a managed executable, on the runtime of this process.</summary>
    public static FunctionCommand Managed(string assembly, string taskRoot) => new(DotnetPath, [assembly], taskRoot);

    /// <summary>The dotnet command that belongs to the runtime of this process.</summary>
    private static string DotnetPath => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..",
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
