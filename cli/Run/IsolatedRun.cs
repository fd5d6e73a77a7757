using System.Runtime.InteropServices;
using Pipeline.Core;
using Pipeline.Engine.Isolation;

namespace Pipeline.Cli.Run;

/// <summary>
/// A run with functions as processes of their own: none of them outlives the command, however it ends.
/// </summary>
internal sealed class IsolatedRun : IDisposable
{
    private static readonly PosixSignal[] s_endings =
        [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    // Lambda gives ten seconds; a busy machine that starts all functions at once needs more.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(1);

    private readonly List<PosixSignalRegistration> _signals = [];

    private readonly string? _ownFolder;

    private IsolatedRun(string folder, bool isOwn)
    {
        _ownFolder = isOwn ? folder : null;
        var command = FunctionCommand.In(folder);
#pragma warning disable RS0030 // The process's entry point names the system clock; processes run by it.
        Options = new IsolationOptions(command, TimeProvider.System) { StartLimit = s_startLimit };
#pragma warning restore RS0030
        foreach (var signal in s_endings)
        {
            // The command still ends as the signal wants; its functions before it.
            _signals.Add(PosixSignalRegistration.Create(signal, _ => Options.Processes.KillAll()));
        }
    }

    /// <summary>How the engine runs the functions.</summary>
    public IsolationOptions Options { get; }

    /// <summary>Finds the published functions, or publishes them; null when none were asked for.</summary>
    /// <exception cref="ConfigurationException">There are none.</exception>
    public static IsolatedRun? Begin(IsolationRequest? request, TextWriter log) => request switch
    {
        null => null,
        { Artifact: { } artifact } => new IsolatedRun(artifact, isOwn: false),
        _ => new IsolatedRun(PublishedFunctions.Publish(log), isOwn: true),
    };

    public void Dispose()
    {
        Options.Processes.KillAll();
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }
}
