using System.Reflection;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Record = Pipeline.Core.Record;

namespace Pipeline.Bench;

/// <summary>
/// The work that is compared: patterns on the requests of the sample file, a schema on as many orders.
/// </summary>
public sealed class Readings
{
    private readonly byte[][] _texts;
    private readonly byte[][] _data;
    private readonly Event[] _events;
    private readonly EventSchema _schema = EventSchema.Compile("schema.json", Resource("schema.json"));
    private readonly EventErrors _errors = new();
    private readonly PatternSet _patterns;
    private readonly bool[] _matches;

    public Readings()
    {
        var lines = Encoding.UTF8.GetString(Resource("sample.ndjson")).Split('\n');
        var requests = lines.Where(line => line.Contains("\"type\":\"http.request\"", StringComparison.Ordinal));
        _texts = [.. requests.Select(Encoding.UTF8.GetBytes).Where(IsGood)];
        _events = Array.ConvertAll(_texts, Read);
        _data = Orders.Make(_texts.Length);
        using var patterns = JsonDocument.Parse(Resource("patterns.json"));
        _patterns = PatternSet.Compile(patterns.RootElement.EnumerateArray().Select((pattern, index) =>
            EventPattern.Compile("patterns.json", Encoding.UTF8.GetBytes(pattern.GetRawText()), $"/{index}")));
        _matches = new bool[_patterns.Count];
    }

    /// <summary>Events that one call of a method works through.</summary>
    public int Count => _texts.Length;

    /// <summary>Bytes of an event, on average.</summary>
    public int EventBytes => (int)_texts.Average(text => text.Length);

    /// <summary>Bytes of an order, on average.</summary>
    public int DataBytes => (int)_data.Average(data => data.Length);

    /// <summary>The schema, for other validators.</summary>
    public static string SchemaText => Encoding.UTF8.GetString(Resource("schema.json"));

    /// <summary>The orders as text, for other validators.</summary>
    public IEnumerable<string> DataTexts => _data.Select(Encoding.UTF8.GetString);

    /// <summary>Reads the tokens of each event; answers their number.</summary>
    public int ReadEvents()
    {
        var tokens = 0;
        foreach (var text in _texts)
        {
            tokens += ReadTokens(text);
        }
        return tokens;
    }

    /// <summary>Reads the tokens of each order.</summary>
    public int ReadData()
    {
        var tokens = 0;
        foreach (var data in _data)
        {
            tokens += ReadTokens(data);
        }
        return tokens;
    }

    /// <summary>Validates each order; answers how many are valid.</summary>
    public int Validate()
    {
        var valid = 0;
        foreach (var data in _data)
        {
            _errors.Clear();
            _schema.Validate(data, "/data", _errors);
            valid += _errors.Count == 0 ? 1 : 0;
        }
        return valid;
    }

    /// <summary>Asks ten patterns of each event, together; answers the number of matches.</summary>
    public int Match()
    {
        var count = 0;
        foreach (ref readonly var one in _events.AsSpan())
        {
            _patterns.Match(one, _matches);
            count += _matches.AsSpan().Count(true);
        }
        return count;
    }

    private static int ReadTokens(ReadOnlySpan<byte> text)
    {
        var tokens = 0;
        var reader = new Utf8JsonReader(text);
        while (reader.Read())
        {
            tokens++;
        }
        return tokens;
    }

    private static bool IsGood(byte[] text) =>
        Event.Read(new Record(text, default, default, default), new EventErrors(), out _) is null;

    private static Event Read(byte[] text)
    {
        Event.Read(new Record(text, default, default, default), new EventErrors(), out var @event);
        return @event;
    }

    private static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
