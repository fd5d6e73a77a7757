namespace Amazon.Lambda.KinesisEvents;

/// <summary>The payload of an invocation by a Kinesis event source mapping: records of one shard, in order.</summary>
/// <remarks>Source: AWS Lambda Developer Guide, "Using Lambda to process records from Kinesis".</remarks>
public class KinesisEvent
{
    /// <summary>The batch; at most 10,000 records and 6 MB of payload.</summary>
    public IList<KinesisEventRecord> Records { get; set; }

    /// <summary>The Kinesis record inside an entry of the batch.</summary>
    public class Record : Amazon.Kinesis.Model.Record
    {
        /// <summary>The version of the record's schema, <c>1.0</c>.</summary>
        public string KinesisSchemaVersion { get; set; }
    }

    /// <summary>One entry of the batch.</summary>
    public class KinesisEventRecord
    {
        /// <summary>The stream's region, such as <c>eu-central-1</c>.</summary>
        public string AwsRegion { get; set; }

        /// <summary>Shard id and sequence number with a colon between; the only place that names the shard.</summary>
        public string EventId { get; set; }

        /// <summary><c>aws:kinesis:record</c>.</summary>
        public string EventName { get; set; }

        /// <summary><c>aws:kinesis</c>.</summary>
        public string EventSource { get; set; }

        /// <summary>The ARN of the stream, or of the enhanced fan-out consumer.</summary>
        public string EventSourceARN { get; set; }

        /// <summary>The version of the entry's schema, <c>1.0</c>.</summary>
        public string EventVersion { get; set; }

        /// <summary>The role under which Lambda reads the stream.</summary>
        public string InvokeIdentityArn { get; set; }

        /// <summary>The record.</summary>
        public Record Kinesis { get; set; }
    }
}
