using Amazon.Lambda.KinesisEvents;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>The partial batch responses of a stream pump.</summary>
internal static class Report
{
    /// <summary>Everything is done; the checkpoint moves past the batch.</summary>
    public static StreamsEventResponse AllDone() => new() { BatchItemFailures = [] };

    /// <summary>Everything before this record is done; it and what follows come again.</summary>
    public static StreamsEventResponse From(SequenceNumber sequence) => new()
    {
        BatchItemFailures = [new StreamsEventResponse.BatchItemFailure { ItemIdentifier = sequence.ToString() }],
    };
}
