using System.ComponentModel;
using System.Diagnostics;
using Pipeline.Infra.Constructs;

namespace Pipeline.Tests.Infra;

/// <summary>What the tests of the stack need from the machine: Node, and the CDK command line.</summary>
internal static class InfraMachine
{
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

    /// <summary>Runs a command in the repository's root to its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The command line asks the machine's metadata service for an account; a test has none.
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
