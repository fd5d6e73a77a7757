using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Time;

namespace Pipeline.Tests.Functions;

/// <summary>A stream that keeps what it takes, and refuses, loses or forgets to answer as a test says.</summary>
internal sealed class FakeStream(Scheduler scheduler, List<string> effects) : IStreamPort
{
    /// <summary>Asked for each entry with the request's number, from 0: true refuses it as throttled.</summary>
    public Func<int, PutEntry, bool> Throttles { get; set; } = (_, _) => false;

    /// <summary>Asked for each request by its number, from 0.</summary>
    public Func<int, RequestFault> Breaks { get; set; } = _ => RequestFault.None;

    /// <summary>How long a request takes.</summary>
    public TimeSpan Takes { get; set; }

    /// <summary>Every request with the moment it was made.</summary>
    public List<(DateTimeOffset At, IReadOnlyList<PutEntry> Entries)> Requests { get; } = [];

    /// <summary>Everything taken, in order.</summary>
    public List<PutEntry> Accepted { get; } = [];

    /// <summary>The streams that were put to.</summary>
    public HashSet<string> Names { get; } = [];

    /// <summary>The events taken, in order, whether they came in packs or alone.</summary>
    public IEnumerable<(string Key, byte[] Data)> Events => Accepted.SelectMany(TestPacks.Unpack);

    public async ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
    {
        var request = Requests.Count;
        // The sender uses its buffers again, so what is kept is copied.
        PutEntry[] copies = [.. entries.Select(entry => entry with { Data = entry.Data.ToArray() })];
        Requests.Add((scheduler.Now, copies));
        Names.Add(stream);
        await Task.Delay(Takes, scheduler.Clock, cancellation);
        var fault = Breaks(request);
        if (fault == RequestFault.Lost)
        {
            throw new PortFaultException("The request was lost.");
        }
        var results = new PutResult[copies.Length];
        var taken = new List<PutEntry>();
        for (var i = 0; i < copies.Length; i++)
        {
            var refused = Throttles(request, copies[i]);
            results[i] = refused
                ? new PutResult(null, null, "ProvisionedThroughputExceededException", "Rate exceeded for shard.")
                : new PutResult("shardId-000000000000", "1", null, null);
            if (!refused)
            {
                taken.Add(copies[i]);
            }
        }
        Accepted.AddRange(taken);
        if (taken.Count > 0)
        {
            var ids = taken.SelectMany(TestPacks.Unpack).Select(sent => EventJson.IdOf(sent.Data));
            effects.Add("put " + string.Join(' ', ids));
        }
        return fault == RequestFault.None ? results : throw new PortFaultException("The answer was lost.");
    }
}
