using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Infra.Constructs;

namespace Pipeline.Tests.Infra;

/// <summary>What the tests of the stack need from the machine: Node, and the CDK command line.</summary>
internal static class InfraMachine
{
    /// <summary>Tests that call the CDK library in this process come one after the other: it serves one thread.</summary>
    public const string Cdk = "CDK";

    public static string Root => FunctionsCode.RepositoryRoot;

    public static string CommittedTemplate => Path.Combine(Root, "infra", "pipeline.template.json");

    public static string CdkCommand => Path.Combine(Root, "node_modules", "aws-cdk", "bin", "cdk");

    /// <summary>Skips the test when there is no Node: the CDK library runs on it.</summary>
    public static void NeedsNode()
    {
        try
        {
            Run("node", ["--version"]);
        }
        catch (Win32Exception)
        {
            Tools.Lack("Node is not installed; the CDK library runs on it.");
        }
    }

    /// <summary>Skips the test when the CDK command line is not installed.</summary>
    public static void NeedsCdk()
    {
        NeedsNode();
        if (!File.Exists(CdkCommand))
        {
            Tools.Lack("The CDK command line is not installed; 'npm ci' installs it.");
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="folder">Where; null for the repository's root.</param>
    /// <param name="environment">What its environment has besides that of the tests.</param>
    public static (int ExitCode, string Output, string Error) Run(
        string command, IEnumerable<string> arguments, string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder ?? Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The command line asks the machine's metadata service for an account; a test has none.
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
