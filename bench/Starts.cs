using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pipeline.Infra;
using Pipeline.Infra.Constructs;

namespace Pipeline.Bench;

/// <summary>
/// What a start costs: from the start of a function's process until it asks for its first invocation, and the memory
/// that is resident then. Native code and the form of the managed runtime take turns.
/// </summary>
internal sealed class Starts(TimeProvider time)
{
    private const int Rounds = 25;

    private static readonly string[] Functions = ["Validate", "Enrich", "FilterCritical", "Route", "ExecuteHigh"];

    /// <summary>Publishes both forms and prints their figures.</summary>
    public void Print()
    {
        var native = Publish(new());
        var managed = Publish(new() { ["runtime"] = StackOptions.Managed });
        var assembly = Path.Combine(managed, Publication.Assembly + ".dll");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"process start to the first question for an invocation: median (least) of {Rounds} starts, in turns"));
        foreach (var function in Functions)
        {
            var (natives, manageds) = (new List<(TimeSpan, long)>(), new List<(TimeSpan, long)>());
            for (var round = 0; round < Rounds; round++)
            {
                natives.Add(Measure(Path.Combine(native, "bootstrap"), [], native, function));
                manageds.Add(Measure("dotnet", ["exec", assembly], managed, function));
            }
            Print(function, "native", natives);
            Print(function, "managed", manageds);
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"native: {Mebibytes(new FileInfo(Path.Combine(native, "bootstrap")).Length):N1} MiB; managed: "
            + $"{Mebibytes(Directory.EnumerateFiles(managed).Sum(file => new FileInfo(file).Length)):N1} MiB "
            + $"of assemblies, and the runtime"));
    }

    private static string Publish(Dictionary<string, object> context)
    {
        var options = StackOptions.Read(context.GetValueOrDefault, out _)!;
        var publication = Publication.Of(options);
        return publication.Error is null
            ? publication.Folder
            : throw new InvalidOperationException(publication.Error);
    }

    private (TimeSpan Took, long Bytes) Measure(string program, string[] arguments, string root, string function)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in Settings(function, root, listener.LocalEndpoint.ToString()!))
        {
            start.Environment[name] = value;
        }
        var began = time.GetTimestamp();
        using var process = Process.Start(start)!;
        using var connection = listener.AcceptTcpClient();
        connection.GetStream().ReadExactly(new byte["GET /".Length]);
        var took = time.GetElapsedTime(began);
        process.Refresh();
        var bytes = process.WorkingSet64;
        process.Kill();
        process.WaitForExit();
        return (took, bytes);
    }

    private static Dictionary<string, string> Settings(string function, string root, string runtimeApi) => new()
    {
        ["PIPELINE_FUNCTION"] = function,
        ["LAMBDA_TASK_ROOT"] = root,
        ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
        ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "512",
        ["AWS_REGION"] = "us-east-1",
        ["BUCKET"] = "bucket",
        ["OUTPUT_STREAM"] = "stream",
        ["QUEUE_HIGH"] = "high",
        ["QUEUE_NORMAL"] = "normal",
        ["QUEUE_LOW"] = "low",
        ["FUNCTION_TIMEOUT_SECONDS"] = "60",
        ["GEO_DATABASE"] = "geo/iptoasn-country.mmdb",
    };

    private static void Print(string function, string form, List<(TimeSpan Took, long Bytes)> starts)
    {
        var took = starts.Select(start => start.Took.TotalMilliseconds).Order().ToList();
        var bytes = starts.Select(start => start.Bytes).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {function,-14} {form,-7} {took[took.Count / 2],6:N1} ms ({took[0]:N1}) "
            + $"{Mebibytes(bytes[bytes.Count / 2]),6:N1} MiB resident"));
    }

    private static double Mebibytes(long bytes) => bytes / (1024.0 * 1024);
}
