using System.Text.Json.Nodes;
using Pipeline.Cli.Simulate;
using Pipeline.Engine.Simulation;
using Pipeline.Functions;

namespace Pipeline.Tests.Simulations;

/// <summary>Simulations of the committed template, in a folder of their own.</summary>
internal sealed class Simulations : IDisposable
{
    private const string MemoryFolder = "/dev/shm";

    private static readonly byte[] s_template =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "infra", "pipeline.template.json"));

    private readonly DirectoryInfo _scratch;

    /// <param name="functions">Other functions than the pipeline's, by name.</param>
    /// <param name="change">What is changed in the template, after it was drawn.</param>
    public Simulations(Func<string, Compose>? functions = null, Action<JsonObject>? change = null)
    {
        _scratch = Directory.CreateTempSubdirectory("simulations-");
        if (Directory.Exists(MemoryFolder))
        {
            _scratch.Delete();
            _scratch = Directory.CreateDirectory(Path.Combine(MemoryFolder, _scratch.Name));
        }
        Simulator = new Simulator(new SimulationSetup(
            s_template, AppContext.BaseDirectory, _scratch.FullName, SimulatedLoad.Generate)
        {
            Functions = functions ?? Catalogue.Find,
            Change = change,
        });
    }

    public Simulator Simulator { get; }

    public SimulationResult Play(int seed) => Simulator.Play(seed, SimulationLimits.None);

    public void Dispose() => _scratch.Delete(recursive: true);
}
