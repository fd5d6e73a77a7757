using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;
using Pipeline.Functions.Pump;

namespace Pipeline.Engine.Feeding;

/// <summary>How fast input is played.</summary>
public enum Pace
{
    /// <summary>Each line when the clock reaches its time.</summary>
    Event,

    /// <summary>As fast as the stream takes it; times are ignored.</summary>
    Full,
}

/// <summary>
/// Plays input into the raw stream, as a producer that keeps the order of each key when it is throttled.
/// </summary>
/// <remarks>
/// A line is put when the clock reaches its <c>time</c>: at once if that is past or unreadable; a jump ahead is cut to
/// one hour. Lines due together travel in packs. A line that is no event goes in as it is. A line too large to travel
/// is stored as an object, and an event that names it goes in its place.
/// </remarks>
public sealed class Feed
{
    private static readonly TimeSpan LongestJump = TimeSpan.FromHours(1);

    private readonly FeedReader _reader;
    private readonly Pace _pace;
    private readonly Scheduler _scheduler;
    private readonly DirectoryBucket _bucket;
    private readonly SlotSender _sender;
    private readonly PackBatch _due;
    private int _dueBytes;

    public Feed(
        FeedReader reader, Pace pace, DataStream raw, DirectoryBucket bucket, Scheduler scheduler, Slots slots,
        Random random)
    {
        (_reader, _pace, _scheduler, _bucket) = (reader, pace, scheduler, bucket);
        _sender = new SlotSender(new DirectPort(raw), raw.Name, scheduler.Clock, random);
        _due = new PackBatch(slots);
    }

    /// <summary>Lines played so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Plays everything.</summary>
    public async Task RunAsync()
    {
        while (_reader.TryRead(out var line))
        {
            if (_pace == Pace.Event && line.Time > _scheduler.Now)
            {
                await SendDueAsync();
                var wait = line.Time.Value - _scheduler.Now;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait < LongestJump ? wait : LongestJump, _scheduler.Clock);
                }
            }
            Add(line.Oversize is { } input ? PutAside(input) : line);
            if (_dueBytes >= Limits.FlushBytes)
            {
                await SendDueAsync();
            }
        }
        await SendDueAsync();
    }

    private void Add(in FeedLine line)
    {
        _due.Add(0, line.Key, line.Bytes);
        _dueBytes += line.Bytes.Length;
        Lines++;
    }

    private async ValueTask SendDueAsync()
    {
        if (_due.Count > 0)
        {
            await _sender.SendAsync(_due.Pack(), Deadline.Never(_scheduler.Clock), CancellationToken.None);
            _due.Clear();
            _dueBytes = 0;
        }
    }

    private FeedLine PutAside(in InputLine input)
    {
        var key = Oversize.Prefix + input.Sha256;
        _bucket.Adopt(key, input.SpoolFile!);
        var bytes = Oversize.Reference(key, _scheduler.Now);
        return new FeedLine(bytes, Encoding.UTF8.GetBytes(PartitionKeyRule.KeyOf(bytes)), null, null);
    }

    /// <summary>The stream without a function between.</summary>
    private sealed class DirectPort(DataStream raw) : IStreamPort
    {
        public ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
            string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation) =>
            ValueTask.FromResult(raw.PutRecords(entries));
    }
}
