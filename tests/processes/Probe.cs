using System.Text.Json;
using Pipeline.Engine.Isolation;
using Pipeline.Tests.Engine;

namespace Pipeline.Tests.Processes;

/// <summary>Starts the probe, a function that does what a test says, in processes of its own.</summary>
internal static class Probe
{
    // Long enough for a machine that has much else to do.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>The probe's command, in processes that run on the system's clock.</summary>
    public static IsolationOptions Isolation()
    {
        var home = AppContext.BaseDirectory;
#pragma warning disable RS0030 // Processes run by the system's clock.
        return new IsolationOptions(
            FunctionCommand.Managed(Path.Combine(home, "Pipeline.Probe.dll"), home), TimeProvider.System)
        {
            StartLimit = s_patience,
        };
#pragma warning restore RS0030
    }

    /// <summary>A bed whose function is the probe.</summary>
    /// <param name="steps">What it does in each invocation.</param>
    /// <param name="options">What else is special in the bed; its own isolation, if it has one, stands.</param>
    /// <param name="init">How it starts.</param>
    public static Bed Bed(string steps, BedOptions? options = null, string init = "")
    {
        options ??= new BedOptions();
        return new Bed(options with
        {
            Isolation = options.Isolation ?? Isolation(),
            Variables = new Dictionary<string, string>(options.Variables)
            {
                ["PROBE"] = JsonSerializer.Serialize(steps),
                ["PROBE_INIT"] = JsonSerializer.Serialize(init),
                ["BUCKET"] = """{ "Ref": "Data" }""",
            },
        });
    }
}
