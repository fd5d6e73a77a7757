using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.SQSEvents;

/// <summary>What a function answers under <c>ReportBatchItemFailures</c>.</summary>
/// <remarks>Source: AWS Lambda Developer Guide, "Handling errors for an SQS event source in Lambda".</remarks>
[DataContract]
public class SQSBatchResponse
{
    /// <summary>Nothing failed.</summary>
    public SQSBatchResponse()
        : this([])
    {
    }

    /// <summary>These messages failed.</summary>
    public SQSBatchResponse(List<BatchItemFailure> batchItemFailures)
    {
        BatchItemFailures = batchItemFailures;
    }

    /// <summary>
    /// The messages that failed: they alone come again, after their visibility timeout. Null or empty: all are done
    /// and deleted. An id that is not in the batch fails all of it.
    /// </summary>
    [DataMember(Name = "batchItemFailures")]
    [JsonPropertyName("batchItemFailures")]
    public List<BatchItemFailure> BatchItemFailures { get; set; }

    /// <summary>One message that failed.</summary>
    [DataContract]
    public class BatchItemFailure
    {
        /// <summary>The message's id. Null or empty: the whole batch failed.</summary>
        [DataMember(Name = "itemIdentifier")]
        [JsonPropertyName("itemIdentifier")]
        public string ItemIdentifier { get; set; }
    }
}
