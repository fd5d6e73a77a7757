using Pipeline.Core;

namespace Pipeline.Engine.Streams;

/// <summary>What one shard gives to all who poll it together: five GetRecords calls and 2 MiB a second.</summary>
/// <remarks>
/// After answers that used up a second's bytes, calls are refused for the next second, or for as long as the bytes
/// last at the rate: five seconds after an answer of 10 MiB. AWS documents these two penalties and not the window
/// before them; the last second is our choice. Source: GetRecords.
/// </remarks>
public sealed class ReadLimits
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly CallLimit _calls = new(Limits.ShardReadsPerSecondMax);
    private readonly Queue<(DateTimeOffset At, int Bytes)> _answers = new();
    private long _bytes;

    /// <summary>When the bytes answered before allow the next call; in the past when they do now.</summary>
    public DateTimeOffset FreeAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Counts a call, or refuses it.</summary>
    public bool TryCall(DateTimeOffset now) => FreeAt <= now && _calls.TryCall(now);

    /// <summary>Counts a call of someone who waits for his turn, and answers when that is.</summary>
    public DateTimeOffset Reserve(DateTimeOffset now) => _calls.Reserve(now);

    /// <summary>Counts what a call was answered.</summary>
    public void Answered(int bytes, DateTimeOffset now)
    {
        while (_answers.TryPeek(out var oldest) && now - oldest.At >= Second)
        {
            _bytes -= _answers.Dequeue().Bytes;
        }
        _answers.Enqueue((now, bytes));
        _bytes += bytes;
        if (_bytes >= Limits.ShardReadBytesPerSecondMax)
        {
            FreeAt = now + TimeSpan.FromSeconds(Math.Max(1, (double)_bytes / Limits.ShardReadBytesPerSecondMax));
            _answers.Clear();
            _bytes = 0;
        }
    }
}
