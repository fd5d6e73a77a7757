using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Generate;
using Pipeline.Engine;
using Pipeline.Engine.Simulation;

namespace Pipeline.Bench;

/// <summary>The whole pipeline as a user runs it: a process of its own for each size, its speed and memory.</summary>
internal sealed class WholeRuns(TimeProvider time) : IDisposable
{
    private const int PollMilliseconds = 20;

    /// <summary>Generated events a second of event time.</summary>
    private const int Rate = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-bench-");
    private int _runs;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Prints events per second of wall time and the most memory that was resident.</summary>
    public void Print(IReadOnlyList<long> sizes)
    {
        Console.WriteLine("the whole pipeline, feed to archive, on the embedded engine");
        foreach (var size in sizes)
        {
            var input = Generate(size);
            Play(input, size, ["--pace", "event"]);
            Play(input, size, ["--pace", "full"]);
        }
    }

    /// <summary>
    /// Splits two shards of every stream in the middle of a run, merges two, and judges the result as simulations do:
    /// nothing lost, order per key kept, copies counted.
    /// </summary>
    public void PrintResharded(IReadOnlyList<long> sizes)
    {
        Console.WriteLine(
            "the whole pipeline, two splits and a merge of every stream under way, judged from the files");
        var laws = new RunLaws(AppContext.BaseDirectory);
        foreach (var size in sizes)
        {
            var input = Generate(size);
            var script = Path.Combine(_folder.FullName, "reshard.json");
            var streams = (string[])["Raw", "Validated", "Enriched"];
            File.WriteAllLines(script, streams.SelectMany(stream => Steps(stream, size)));
            var (summary, output) = Play(input, size, ["--reshard", script]);
            var began = time.GetTimestamp();
            laws.Check(File.ReadAllBytes(input), summary, new RunOutput(output));
            var judged = time.GetElapsedTime(began);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"            nothing lost, order per key kept (judged in {judged.TotalSeconds:N0} s)"));
        }
    }

    /// <summary>All within the input: its length in event time is known.</summary>
    private static IEnumerable<string> Steps(string stream, long size)
    {
        string At(int percent) => string.Create(
            CultureInfo.InvariantCulture, $"PT{100 + (size / Rate * percent / 100)}S");
        yield return $$"""{"at":"{{At(25)}}","stream":"{{stream}}","operation":"split","shard":0}""";
        yield return $$"""{"at":"{{At(45)}}","stream":"{{stream}}","operation":"split","shard":1}""";
        yield return $$"""{"at":"{{At(65)}}","stream":"{{stream}}","operation":"merge","shard":3,"adjacentShard":4}""";
    }

    private string Generate(long size)
    {
        var input = Path.Combine(_folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{size}.ndjson"));
        if (!File.Exists(input))
        {
            using var file = File.Create(input);
            EventGenerator.Write(
                new GenerateOptions(size)
                {
                    Seed = 1,
                    Rate = Rate,
                    BadRate = 0.02,
                    DuplicateRate = 0.01,
                    Disorder = TimeSpan.FromSeconds(20),
                },
                file);
        }
        return input;
    }

    private (RunSummary Summary, string Output) Play(string input, long size, IReadOnlyList<string> options)
    {
        // Of its own: where thousands of files were deleted a moment ago, making others takes several times as long.
        var output = Path.Combine(_folder.FullName, string.Create(CultureInfo.InvariantCulture, $"output-{_runs++}"));
        var start = time.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "pipeline"),
                ["run", "--input", input, "--output", output, .. options, "--json"])
            {
                RedirectStandardOutput = true,
            })!;
        var (peak, processor) = (0L, TimeSpan.Zero);
        var answer = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(PollMilliseconds))
        {
            try
            {
                process.Refresh();
                (peak, processor) = (Math.Max(peak, process.PeakWorkingSet64), process.TotalProcessorTime);
            }
            catch (InvalidOperationException)
            {
                // It ended just now; what was seen last stands.
            }
        }
        var took = time.GetElapsedTime(start);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The run of {size} events ended with {process.ExitCode}.");
        }
        var summary = JsonSerializer.Deserialize<RunSummary>(answer.Result)!;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {size,9:N0} events {string.Join(' ', options.Take(2).Select(Path.GetFileName)),-22}"
            + $" {size / took.TotalSeconds,9:N0} events/s"
            + $" {processor.TotalSeconds * 1e6 / size,6:N1} µs of processor each"
            + $" {peak / (1024.0 * 1024),6:N0} MiB {(summary.Accounting.Balanced ? "balanced" : "NOT BALANCED")}"));
        return (summary, output);
    }
}
