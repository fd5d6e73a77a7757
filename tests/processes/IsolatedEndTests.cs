using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pipeline.Engine.Isolation;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Processes;

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
        IReadOnlyList<int> functions;
        while ((functions = SystemProcess.ChildrenOf(run.Id)).Count < Functions || !HasEngine(folder))
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
            await SystemProcess.EndAsync(function);
        }
        await Task.WhenAll(output, errors);
    }

    [Fact]
    public async Task A_process_whose_end_nobody_took_note_of_has_ended()
    {
        if (!OperatingSystem.IsLinux())
        {
            Tools.Lack("Processes that ended and are still listed are told apart in /proc, which is Linux's.");
        }
        // Who started it becomes another program, which knows of no child and waits for none.
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "exit & echo $!; exec sleep 600"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var child = await parent.StandardOutput.ReadLineAsync();
            await SystemProcess.EndAsync(int.Parse(child!, CultureInfo.InvariantCulture));
            Assert.True(SystemProcess.IsAlive(parent.Id));
        }
        finally
        {
            parent.Kill();
            await parent.WaitForExitAsync();
        }
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
}
