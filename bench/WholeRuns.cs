using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Generate;

namespace Pipeline.Bench;

/// <summary>The whole pipeline as a user runs it: a process of its own for each size, its speed and its memory.</summary>
internal static class WholeRuns
{
    private const int PollMilliseconds = 20;

    /// <summary>Prints events per second of wall time and the most memory that was resident.</summary>
    public static void Print(TimeProvider time, IReadOnlyList<long> sizes)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-bench-");
        try
        {
            Console.WriteLine("the whole pipeline, feed to archive, on the embedded engine");
            foreach (var size in sizes)
            {
                foreach (var pace in (string[])["event", "full"])
                {
                    Play(time, folder.FullName, size, pace);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Play(TimeProvider time, string folder, long size, string pace)
    {
        var input = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{size}.ndjson"));
        if (!File.Exists(input))
        {
            using var file = File.Create(input);
            EventGenerator.Write(
                new GenerateOptions(size)
                {
                    Seed = 1,
                    Rate = 200,
                    BadRate = 0.02,
                    DuplicateRate = 0.01,
                    Disorder = TimeSpan.FromSeconds(20),
                },
                file);
        }
        var output = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{size}-{pace}"));
        string[] arguments =
        [
            "run", "--input", input, "--output", output,
            "--pace", pace, "--json",
        ];
        var start = time.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pipeline"), arguments)
            {
                RedirectStandardOutput = true,
            })!;
        long peak = 0;
        var answer = process.StandardOutput.ReadToEndAsync();
        while (!process.WaitForExit(PollMilliseconds))
        {
            process.Refresh();
            peak = Math.Max(peak, process.PeakWorkingSet64);
        }
        var took = time.GetElapsedTime(start);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The run of {size} events ended with {process.ExitCode}.");
        }
        using var summary = JsonDocument.Parse(answer.Result);
        var balanced = summary.RootElement.GetProperty("accounting").GetProperty("balanced").GetBoolean();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {size,9:N0} events, pace {pace,-5} {size / took.TotalSeconds,9:N0} events/s"
            + $" {peak / (1024.0 * 1024),7:N0} MiB {(balanced ? "balanced" : "NOT BALANCED")}"));
    }
}
