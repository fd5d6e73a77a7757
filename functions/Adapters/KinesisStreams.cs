using Amazon.Kinesis;
using Amazon.Kinesis.Model;
using Pipeline.Core;

namespace Pipeline.Functions.Adapters;

/// <summary>Streams on AWS, by their names: one call is one PutRecords, and it is made once.</summary>
/// <remarks>
/// The entries' bytes are encoded before the call first waits: whoever owns them may use them again when it ended.
/// Source: PutRecords and PutRecordsResultEntry, Kinesis API model 2013-12-02.
/// </remarks>
public sealed class KinesisStreams : IStreamPort
{
    private readonly IAmazonKinesis _client;

    /// <param name="client">Configured as <see cref="Configure"/> does.</param>
    /// <exception cref="ArgumentException">The client sends requests again itself.</exception>
    public KinesisStreams(IAmazonKinesis client)
    {
        ArgumentNullException.ThrowIfNull(client);
        OneRequest.Require(
            client.Config, "the pump's sender decides what is sent again, and when: order per key depends on it",
            nameof(client));
        _client = client;
    }

    /// <summary>Leaves resending to the pump's sender, also after a connection broke.</summary>
    public static AmazonKinesisConfig Configure(AmazonKinesisConfig config) => OneRequest.Configure(config);

    public async ValueTask<IReadOnlyList<PutResult>> PutRecordsAsync(
        string stream, IReadOnlyList<PutEntry> entries, CancellationToken cancellation)
    {
        var request = new PutRecordsRequest { StreamName = stream, Records = new(entries.Count) };
        for (var i = 0; i < entries.Count; i++)
        {
            request.Records.Add(ToRequest(entries[i]));
        }
        var answered = (await SendAsync(request, cancellation)).Records ?? [];
        if (answered.Count != entries.Count)
        {
            throw new PortFaultException(
                $"PutRecords to {stream}: the answer has {answered.Count} results for {entries.Count} records, so "
                + "nobody knows which were taken.");
        }
        var results = new PutResult[answered.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = ToResult(answered[i]);
        }
        return results;
    }

    private async Task<PutRecordsResponse> SendAsync(PutRecordsRequest request, CancellationToken cancellation)
    {
        try
        {
            return await _client.PutRecordsAsync(request, cancellation);
        }
        catch (Exception broken) when (ServiceFault.IsFault(broken, cancellation))
        {
            throw ServiceFault.Of(
                $"PutRecords to {request.StreamName}", broken,
                "the function needs kinesis:PutRecords on the stream and, where it is encrypted, "
                + "kms:GenerateDataKey on its key");
        }
    }

    private static PutRecordsRequestEntry ToRequest(in PutEntry entry) => new()
    {
        Data = ByteStream.Over(entry.Data),
        PartitionKey = entry.PartitionKey,
        ExplicitHashKey = entry.ExplicitHashKey,
    };

    /// <summary>A record was taken when it has a place, and only then.</summary>
    private static PutResult ToResult(PutRecordsResultEntry result) =>
        result is { ErrorCode: null, SequenceNumber: null }
            ? new PutResult(null, null, "InternalFailure", "The answer names neither a sequence number nor an error.")
            : new PutResult(result.ShardId, result.SequenceNumber, result.ErrorCode, result.ErrorMessage);
}
