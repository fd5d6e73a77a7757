using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Engine.Isolation;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Isolation;

/// <summary>However the command ends, none of its functions goes on.</summary>
public sealed class IsolatedEndTests
{
    private const int Functions = 7;

    private static readonly byte[] s_line = Encoding.UTF8.GetBytes(
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-01-05T08:00:00Z","data":{}}""" + "\n");

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task No_function_outlives_a_run_that_is_ended(string signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            Tools.Lack("Processes and their parents are found in /proc, which is Linux's.");
        }
        using var folder = new OutputFolder();
        using var run = Start(folder);
        var output = run.StandardOutput.ReadToEndAsync();
        var errors = run.StandardError.ReadToEndAsync();
        // It plays the line and waits for another, with all functions running.
        await run.StandardInput.BaseStream.WriteAsync(s_line);
        await run.StandardInput.BaseStream.FlushAsync();
        List<int> functions;
        while ((functions = ChildrenOf(run.Id)).Count < Functions || !HasEngine(folder))
        {
            Assert.False(run.HasExited, run.HasExited ? await errors : "");
        }
        using (var kill = Process.Start("kill", ["-" + signal, run.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        await run.WaitForExitAsync();
        Assert.NotEqual(0, run.ExitCode);
        foreach (var function in functions)
        {
            await Probe.EndAsync(function);
        }
        await Task.WhenAll(output, errors);
    }

    /// <summary>The processes of the check before the run are gone when the engine's files are there.</summary>
    private static bool HasEngine(OutputFolder folder) => Directory.Exists(folder.File("out/state/engine"));

    private static Process Start(OutputFolder folder)
    {
        // An artifact of a managed executable: the probe, which answers that all is done.
        var artifact = folder.File("artifact");
        Directory.CreateDirectory(artifact);
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "Pipeline.Probe.*"))
        {
            File.Copy(file, Path.Combine(artifact, Path.GetFileName(file)));
        }
        var command = FunctionCommand.Managed(Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), folder.Path);
        return Process.Start(new ProcessStartInfo(
            command.Program,
            [
                .. command.Arguments, "run", "--input", "-", "--output", folder.File("out"), "--isolated", "--artifact",
                artifact,
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static List<int> ChildrenOf(int parent)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && ParentOf(folder) == parent)
            {
                children.Add(id);
            }
        }
        return children;
    }

    private static int? ParentOf(string folder)
    {
        try
        {
            // "pid (name) state parent ...": the name may hold anything, also parentheses.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
