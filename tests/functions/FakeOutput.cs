using System.Text;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Tests.Functions;

/// <summary>The lines a function writes, and the figures in its metrics records.</summary>
internal sealed class FakeOutput(List<string> effects) : IOutputPort
{
    public List<string> Lines { get; } = [];

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        Lines.Add(Encoding.UTF8.GetString(line));
        if (IsMetrics(Lines[^1]))
        {
            effects.Add("metrics");
        }
    }

    /// <summary>A figure, added up over all metrics records.</summary>
    public long Sum(string metric) => Lines.Where(IsMetrics).Sum(line => Figure(line, metric));

    /// <summary>All figures whose names start so, added up over all metrics records.</summary>
    public long SumOf(string prefix) => Lines.Where(IsMetrics).Sum(line => Parse(line).EnumerateObject()
        .Where(member => member.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Sum(member => member.Value.GetInt64()));

    private static bool IsMetrics(string line) => line.StartsWith("{\"_aws\":", StringComparison.Ordinal);

    private static long Figure(string line, string metric) =>
        Parse(line).TryGetProperty(metric, out var value) ? value.GetInt64() : 0;

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
