using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Isolation;

/// <summary>A process that runs a function. It ends by itself or is killed, with every process it started.</summary>
internal sealed class FunctionProcess : IDisposable
{
    private const int KilledBySignal = 128;

    // What others still write into a dead process's pipes is not waited for.
    private static readonly TimeSpan s_lastLines = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly IsolationOptions _isolation;

    private FunctionProcess(Process process, IsolationOptions isolation)
    {
        (_process, _isolation) = (process, isolation);
        Output = ProcessOutput.Start(process.StandardOutput.BaseStream);
        Errors = ProcessOutput.Start(process.StandardError.BaseStream);
        isolation.Processes.Add(this);
    }

    /// <summary>What it writes to standard output.</summary>
    public ProcessOutput Output { get; }

    /// <summary>What it writes to standard error.</summary>
    public ProcessOutput Errors { get; }

    /// <summary>The number that the system gave it.</summary>
    public int Id => _process.Id;

    /// <summary>How it ended, as the platform tells it.</summary>
    public string Ending => _process.ExitCode switch
    {
        0 => "Runtime exited without providing a reason",
        KilledBySignal + 9 => "Runtime exited with error: signal: killed",
        var code => string.Create(CultureInfo.InvariantCulture, $"Runtime exited with error: exit status {code}"),
    };

    /// <summary>Starts it.</summary>
    /// <param name="environment">All of its environment.</param>
    /// <param name="ended">Called, on another thread, when it has ended.</param>
    /// <exception cref="ConfigurationException">The program cannot be started.</exception>
    public static FunctionProcess Start(
        IsolationOptions isolation, IReadOnlyDictionary<string, string> environment, Action ended)
    {
        var command = isolation.Command;
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            WorkingDirectory = command.TaskRoot,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return Outside.Begin(() =>
        {
            var process = new Process { StartInfo = start, EnableRaisingEvents = true };
            process.Exited += (_, _) => ended();
            try
            {
                process.Start();
            }
            catch (Win32Exception error)
            {
                process.Dispose();
                throw new ConfigurationException(
                    $"The program '{command.Program}' cannot be started: {error.Message}.");
            }
            process.StandardInput.Close();
            return new FunctionProcess(process, isolation);
        });
    }

    /// <summary>Ends it at once, and whatever it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Kills it and waits until it is gone and what it wrote is read.</summary>
    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        Outside.Do(() => Task.WhenAny(
            Task.WhenAll(Output.Ended, Errors.Ended), Task.Delay(s_lastLines, _isolation.RealTime)));
        _isolation.Processes.Remove(this);
        _process.Dispose();
    }
}
