using Pipeline.Engine.Mappings;
using Pipeline.Engine.Queues;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Accounting;

/// <summary>
/// Finds the events of what mappings gave up to queues, which are only told their place in a stream.
/// </summary>
/// <remarks>
/// They are looked up when a queue takes the message, as its reader would have to: by the range of sequence numbers, in
/// what the stream still keeps. What it keeps no longer nobody can get back, so it is not dead-lettered but lost. So is
/// what was read in several lanes: the range holds records of the other lanes too and does not say which is whose.
/// </remarks>
internal sealed class QueuedLetters(
    Auditor auditor, IReadOnlyCollection<DataStream> streams, IReadOnlyList<KinesisMappingModel> mappings,
    Scheduler scheduler)
{
    /// <summary>Takes note of a message that a queue took.</summary>
    public void Take(QueueMessage message)
    {
        if (FailureNotice.Read(message.Body) is { } notice
            && mappings.FirstOrDefault(mapping => IsFrom(notice, mapping)) is { ParallelizationFactor: 1 }
            && SequenceParts.TryParse(notice.First, out var first)
            && SequenceParts.TryParse(notice.Last, out var last))
        {
            var stream = streams.First(stream => stream.Arn == notice.StreamArn);
            var shard = stream.Shards.First(shard => shard.Id == notice.ShardId);
            var cursor = shard.Log.Seek(first.Counter);
            while (shard.Log.TryRead(ref cursor, last.Counter + 1, scheduler.Now, out var record))
            {
                auditor.MarkGivenUp(stream, shard, record, notice);
            }
        }
    }

    private static bool IsFrom(FailureNotice notice, KinesisMappingModel mapping) =>
        mapping.Function.Arn == notice.FunctionArn && mapping.Stream.Arn == notice.StreamArn;
}
