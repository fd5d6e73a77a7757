using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Engine.Functions;

/// <summary>
/// Adds up a function's metrics records, the same lines that CloudWatch would read, and keeps its log sentences.
/// </summary>
public sealed class FunctionCounters : IOutputPort
{
    private const int SentencesMax = 100;
    private const int SentenceBytesMax = 1000;

    private readonly List<string> _sentences = [];
    private int _concurrency;

    /// <summary>Invocations that began, whatever became of them; throttled ones did not.</summary>
    public long Invocations { get; set; }

    /// <summary>Invocations that ended in an error: thrown, timed out, died, or not even started.</summary>
    public long Errors { get; private set; }

    /// <summary>Invocations that were refused because too many were under way.</summary>
    public long Throttles { get; set; }

    /// <summary>Most invocations that were under way at a time, in this run.</summary>
    public int ConcurrencyMost { get; private set; }

    public long Records { get; set; }

    public long Emitted { get; set; }

    public long Retries { get; set; }

    public SortedDictionary<string, long> Dropped { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Rejected { get; } = new(StringComparer.Ordinal);

    /// <summary>Late events by kind, as functions that keep windows report them.</summary>
    public SortedDictionary<string, long> Late { get; } = new(StringComparer.Ordinal);

    /// <summary>What the function said, each sentence once, in the order first said.</summary>
    public IReadOnlyList<string> Sentences => _sentences;

    /// <summary>An invocation is under way.</summary>
    public void Begin() => ConcurrencyMost = Math.Max(ConcurrencyMost, ++_concurrency);

    /// <summary>An invocation is over.</summary>
    public void End(bool succeeded)
    {
        _concurrency--;
        Errors += succeeded ? 0 : 1;
    }

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number)
            {
                Count(name, reader.TryGetInt64(out var value) ? value : 0);
            }
            else if (name == Log.Message && reader.TokenType == JsonTokenType.String)
            {
                Keep(reader.GetString()!);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Takes one line of a process, which may write anything: what is no JSON object is a sentence.</summary>
    public void WriteText(ReadOnlySpan<byte> line)
    {
        if (IsObject(line))
        {
            WriteLine(line);
        }
        else if (TextOf(line) is { Length: > 0 } text)
        {
            Keep(text);
        }
    }

    /// <summary>Adds what another one heard, as if it had been heard here.</summary>
    public void Add(FunctionCounters heard)
    {
        (Records, Emitted, Retries) = (Records + heard.Records, Emitted + heard.Emitted, Retries + heard.Retries);
        foreach (var (from, to) in new[] { (heard.Dropped, Dropped), (heard.Rejected, Rejected), (heard.Late, Late) })
        {
            foreach (var (reason, count) in from)
            {
                Add(to, reason, count);
            }
        }
        foreach (var sentence in heard._sentences)
        {
            Keep(sentence);
        }
    }

    private static string TextOf(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line[..Math.Min(line.Length, SentenceBytesMax)]).Trim();

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        if (line.TrimStart(" \t\r"u8) is not [(byte)'{', ..])
        {
            return false;
        }
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String)
                {
                    // Half a surrogate pair is JSON, but no text.
                    _ = reader.GetString();
                }
            }
            return true;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Keep(string sentence)
    {
        if (_sentences.Count < SentencesMax && !_sentences.Contains(sentence))
        {
            _sentences.Add(sentence);
        }
    }

    private void Count(string name, long value)
    {
        switch (name)
        {
            case "Records":
                Records += value;
                break;
            case "Emitted":
                Emitted += value;
                break;
            case "Retries":
                Retries += value;
                break;
            default:
                CountReason(name, value);
                break;
        }
    }

    private void CountReason(string name, long value)
    {
        if (name.StartsWith(InvocationMetrics.DroppedPrefix, StringComparison.Ordinal))
        {
            Add(Dropped, name[InvocationMetrics.DroppedPrefix.Length..], value);
        }
        else if (name.StartsWith(InvocationMetrics.RejectedPrefix, StringComparison.Ordinal))
        {
            Add(Rejected, name[InvocationMetrics.RejectedPrefix.Length..], value);
        }
        else if (name.StartsWith(InvocationMetrics.LatePrefix, StringComparison.Ordinal))
        {
            Add(Late, name[InvocationMetrics.LatePrefix.Length..], value);
        }
    }

    /// <summary>The sums, to be saved.</summary>
    public FunctionState Save() =>
        new(Invocations, Records, Emitted, Retries, Dropped, Rejected, Late, Errors, Throttles);

    /// <summary>Goes on from saved sums.</summary>
    public void Restore(FunctionState saved)
    {
        (Invocations, Records, Emitted, Retries) = (saved.Invocations, saved.Records, saved.Emitted, saved.Retries);
        (Errors, Throttles) = (saved.Errors, saved.Throttles);
        foreach (var (from, to) in new[] { (saved.Dropped, Dropped), (saved.Rejected, Rejected), (saved.Late, Late) })
        {
            foreach (var (reason, count) in from)
            {
                to[reason] = count;
            }
        }
    }

    private static void Add(SortedDictionary<string, long> counts, string reason, long value) =>
        counts[reason] = counts.GetValueOrDefault(reason) + value;
}
