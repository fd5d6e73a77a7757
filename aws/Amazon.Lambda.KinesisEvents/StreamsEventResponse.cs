using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace Amazon.Lambda.KinesisEvents;

/// <summary>What a function answers under <c>ReportBatchItemFailures</c>.</summary>
/// <remarks>Source: AWS Lambda Developer Guide, "Configuring partial batch response with Kinesis".</remarks>
[DataContract]
public class StreamsEventResponse
{
    /// <summary>
    /// The records that failed. The lowest sequence number becomes the checkpoint: it and everything after it come
    /// again. Null or empty: the whole batch is done.
    /// </summary>
    [DataMember(Name = "batchItemFailures", EmitDefaultValue = false)]
    [JsonPropertyName("batchItemFailures")]
    public IList<BatchItemFailure> BatchItemFailures { get; set; }

    /// <summary>One record that failed.</summary>
    [DataContract]
    public class BatchItemFailure
    {
        /// <summary>The record's sequence number. Null or empty: the whole batch failed.</summary>
        [DataMember(Name = "itemIdentifier", EmitDefaultValue = false)]
        [JsonPropertyName("itemIdentifier")]
        public string ItemIdentifier { get; set; }
    }
}
