using Pipeline.Core;

namespace Pipeline.Tests.Simulations;

/// <summary>Says that records were taken, and puts them only then: the report overtakes the flush.</summary>
internal sealed class ReportsBeforeFlush(Ports inner, TimeProvider time) : BrokenPorts(inner)
{
    public override ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
    {
        _ = PutLaterAsync(stream, [.. entries.Select(entry => entry with { Data = entry.Data.ToArray() })]);
        return ValueTask.FromResult<IReadOnlyList<PutResult>>(
            [.. entries.Select(_ => new PutResult("shardId-000000000000", "1", null, null))]);
    }

    private async Task PutLaterAsync(string stream, IReadOnlyList<PutEntry> entries)
    {
        await Task.Delay(TimeSpan.FromSeconds(5), time);
        try
        {
            await Inner.Streams.PutRecordsAsync(stream, entries, CancellationToken.None);
        }
        catch (PortFaultException)
        {
            // Nobody is there any more to hear of it.
        }
    }
}

/// <summary>Puts the events of a slot with the last first.</summary>
internal sealed class PutsLastFirst(Ports inner) : BrokenPorts(inner)
{
    public override async ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
    {
        var results = new List<PutResult>();
        foreach (var entry in entries)
        {
            var singles = Singles(entry);
            singles.Reverse();
            var answers = await Inner.Streams.PutRecordsAsync(stream, singles, cancellation);
            results.Add(answers.Where(answer => !answer.Accepted).DefaultIfEmpty(answers[0]).First());
        }
        return results;
    }
}

/// <summary>
/// Puts all events of a slot in one request and then again those that failed, behind those that were accepted.
/// </summary>
internal sealed class ResendsBehindAccepted(Ports inner) : BrokenPorts(inner)
{
    private const int AttemptsMax = 20;

    public override async ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
    {
        var results = new List<PutResult>();
        foreach (var entry in entries)
        {
            var waiting = Singles(entry);
            PutResult last = default;
            for (var attempt = 0; waiting.Count > 0 && attempt < AttemptsMax; attempt++)
            {
                var answers = await Inner.Streams.PutRecordsAsync(stream, waiting, cancellation);
                last = answers.Where(answer => !answer.Accepted).DefaultIfEmpty(answers[0]).First();
                waiting = [.. waiting.Where((_, i) => !answers[i].Accepted)];
            }
            results.Add(last);
        }
        return results;
    }
}
