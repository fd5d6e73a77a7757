using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Pipeline.Tests;

/// <summary>
/// Programs and files outside the test assembly: where they are, and what happens when they are not there.
/// </summary>
internal static class Tools
{
    /// <summary>The folder of <c>Pipeline.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    /// <summary>Skips the test with a reason; where everything has to be there (CI=true), fails it.</summary>
    public static void Lack(string reason)
    {
        // The build server says who it is by an environment variable only.
#pragma warning disable RS0030
        var isRequired = Environment.GetEnvironmentVariable("CI") == "true";
#pragma warning restore RS0030
        if (isRequired)
        {
            Assert.Fail(reason);
        }
        Assert.Skip(reason);
    }

    /// <summary>Runs a script of <c>tests/tools</c> with Node.js; answers what it wrote to standard output.</summary>
    public static string RunNode(string script, string input)
    {
        var folder = Path.Combine(RepositoryRoot, "tests", "tools");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            Lack("The test tools are not installed: run `npm ci --ignore-scripts` in tests/tools.");
        }
        using var process = StartNode(Path.Combine(folder, script));
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script} failed: {errors.GetAwaiter().GetResult()}");
        return output.GetAwaiter().GetResult();
    }

    /// <summary>Starts a script with Node.js, its standard streams redirected.</summary>
    public static Process StartNode(string path)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("node", [path])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception missing)
        {
            Lack($"Node.js is not installed: {missing.Message}.");
            throw;
        }
    }

    private static string FindRepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Pipeline.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The tests run outside the repository.");
        }
        return folder;
    }
}
