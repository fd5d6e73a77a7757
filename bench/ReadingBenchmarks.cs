using BenchmarkDotNet.Attributes;

namespace Pipeline.Bench;

/// <summary>Ten patterns on whole events, against merely reading the same bytes.</summary>
[MemoryDiagnoser]
public class PatternBenchmarks
{
    private readonly Readings _readings = new();

    [Benchmark(Baseline = true, Description = "Utf8JsonReader, whole event")]
    public int ReadEvents() => _readings.ReadEvents();

    [Benchmark(Description = "PatternSet of ten")]
    public int Match() => _readings.Match();
}

/// <summary>A schema on orders, against merely reading the same bytes.</summary>
[MemoryDiagnoser]
public class SchemaBenchmarks
{
    private readonly Readings _readings;
    private readonly DocumentValidator _document;

    public SchemaBenchmarks()
    {
        _readings = new Readings();
        _document = new DocumentValidator(_readings);
    }

    [Benchmark(Baseline = true, Description = "Utf8JsonReader, order")]
    public int ReadData() => _readings.ReadData();

    [Benchmark(Description = "EventSchema")]
    public int Validate() => _readings.Validate();

    [Benchmark(Description = "NJsonSchema")]
    public int ValidateDocument() => _document.Validate();
}
