using System.Text;
using System.Text.Json;
using Pipeline.Engine.Accounting;
using Pipeline.Engine.Mappings;
using Pipeline.Engine.Streams;
using Pipeline.Functions.Pump;

namespace Pipeline.Engine.Simulation;

/// <summary>Judges a run while it goes on, after every instant: nothing bad has happened so far.</summary>
/// <remarks>
/// It looks at what pipes, bucket and checkpoints hold and never asks a function: a record is checkpointed only when
/// each delivery in it is in the next pipe, among the bad rows or among the dead letters; first copies keep their order
/// per key; no bad rows are overwritten; no command has an effect twice.
/// </remarks>
internal sealed class SafetyWatch
{
    /// <summary>The functions that may neither drop nor lose an event.</summary>
    private static readonly string[] s_keepers = ["Validate", "Enrich"];

    private readonly PositionReader _reader = new();
    private readonly Deliveries _deliveries = new();
    private readonly Verdict _verdict = new();
    private readonly Dictionary<string, PipeWatch> _pipes = new(StringComparer.Ordinal);
    private readonly List<(KinesisMapping Mapping, PipeWatch Input, PipeWatch Output)> _stages = [];
    private readonly Dictionary<(string Mapping, int Shard), long> _checked = [];
    private readonly HashSet<string> _badRows = new(StringComparer.Ordinal);

    public SafetyWatch(EmbeddedEngine engine)
    {
        foreach (var stream in engine.World.Streams)
        {
            _pipes.Add(stream.Name, new PipeWatch(stream, stream == engine.Raw, _deliveries, _reader, _verdict));
        }
        foreach (var mapping in engine.Mappings.Where(mapping => s_keepers.Contains(mapping.Function.Name)))
        {
            var output = mapping.Model.Function.Environment["OUTPUT_STREAM"];
            _stages.Add((mapping, _pipes[mapping.Stream.Name], _pipes[output]));
        }
        engine.Bucket.Written += (key, parts) => _verdict.Judge(() => OnWritten(key, parts));
    }

    /// <summary>How many events have arrived.</summary>
    public int Arrived => _deliveries.Count;

    /// <summary>Judges what is there now.</summary>
    /// <exception cref="BrokenLawException">Something bad has happened.</exception>
    public void Check()
    {
        _verdict.Check();
        foreach (var stage in _stages)
        {
            foreach (var shard in stage.Mapping.Stream.Shards)
            {
                CheckStored(stage.Mapping, shard, stage.Input, stage.Output);
            }
        }
    }

    private void CheckStored(KinesisMapping mapping, Shard shard, PipeWatch input, PipeWatch output)
    {
        var done = mapping.Checkpoint(shard).Next;
        var from = _checked.GetValueOrDefault((mapping.LogicalId, shard.Index));
        for (var counter = from; counter < done; counter++)
        {
            foreach (var position in input.In(shard, counter))
            {
                Law.Holds(
                    output.Holds(position) || _deliveries.HasEnded(position),
                    "A record is checkpointed only when everything of it is stored.",
                    $"{mapping.Function.Name} is done with {position}, which is nowhere.");
            }
        }
        _checked[(mapping.LogicalId, shard.Index)] = done;
    }

    private void OnWritten(string key, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (key.StartsWith(BadRowStore.Prefix, StringComparison.Ordinal))
        {
            Law.Holds(_badRows.Add(key), "Bad rows are never overwritten.", $"{key} was written again.");
            foreach (var line in Lines(parts[0]))
            {
                EndAt(Member(line, "rawposition"));
            }
        }
        else if (key.StartsWith(RunOutput.DeadLetterPrefix, StringComparison.Ordinal))
        {
            foreach (var letter in DeadLetter.Read(parts[0]))
            {
                EndAt(letter.RawPosition);
            }
        }
        else if (key.StartsWith(CommandLaws.NotificationsPrefix, StringComparison.Ordinal))
        {
            CheckOnce(key, Lines(parts[0]).Select(line => Member(line, "command")));
        }
        else if (key.StartsWith(CommandLaws.IncidentsPrefix, StringComparison.Ordinal))
        {
            CheckOnce(key, CommandLaws.CommandsOf(parts[0]));
        }
    }

    private static void CheckOnce(string key, IEnumerable<string> commands)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var command in commands)
        {
            Law.Holds(seen.Add(command), CommandLaws.Once, $"Command {command} stands twice in {key}.");
        }
    }

    private void EndAt(string text)
    {
        Law.Holds(
            RawPosition.TryParse(Encoding.UTF8.GetBytes(text), out var position),
            "Bad rows and dead letters say which delivery they are.", $"'{text}' is no position.");
        _deliveries.End(position);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        for (var end = body.Span.IndexOf((byte)'\n'); end >= 0; end = body.Span.IndexOf((byte)'\n'))
        {
            yield return body[..end];
            body = body[(end + 1)..];
        }
    }

    private static string Member(ReadOnlyMemory<byte> json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString()!;
    }
}
