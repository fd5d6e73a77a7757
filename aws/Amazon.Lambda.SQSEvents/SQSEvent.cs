namespace Amazon.Lambda.SQSEvents;

/// <summary>The payload of an invocation by an SQS event source mapping: messages of one queue.</summary>
/// <remarks>Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS".</remarks>
public class SQSEvent
{
    /// <summary>The batch; at most 10,000 messages (10 of a FIFO queue) and 6 MB of payload.</summary>
    public List<SQSMessage> Records { get; set; }

    /// <summary>One attribute that the sender gave a message.</summary>
    public class MessageAttribute
    {
        /// <summary>The value of an attribute of type String or Number.</summary>
        public string StringValue { get; set; }

        /// <summary>The value of an attribute of type Binary.</summary>
        public MemoryStream BinaryValue { get; set; }

        /// <summary>Not used by SQS so far.</summary>
        public List<string> StringListValues { get; set; }

        /// <summary>Not used by SQS so far.</summary>
        public List<MemoryStream> BinaryListValues { get; set; }

        /// <summary><c>String</c>, <c>Number</c> or <c>Binary</c>, perhaps with a label of the sender's.</summary>
        public string DataType { get; set; }
    }

    /// <summary>One message of the batch.</summary>
    public class SQSMessage
    {
        /// <summary>The message's id, by which a failure is reported.</summary>
        public string MessageId { get; set; }

        /// <summary>The handle of this receive; the next one has another.</summary>
        public string ReceiptHandle { get; set; }

        /// <summary>The text that was sent, 1 byte to 1 MiB of UTF-8.</summary>
        public string Body { get; set; }

        /// <summary>The body's MD5, in hexadecimal digits.</summary>
        public string Md5OfBody { get; set; }

        /// <summary>The MD5 of the sender's attributes; null when there are none.</summary>
        public string Md5OfMessageAttributes { get; set; }

        /// <summary>The queue's ARN.</summary>
        public string EventSourceArn { get; set; }

        /// <summary><c>aws:sqs</c>.</summary>
        public string EventSource { get; set; }

        /// <summary>The queue's region, such as <c>eu-central-1</c>.</summary>
        public string AwsRegion { get; set; }

        /// <summary>
        /// What SQS says of the message, such as <c>ApproximateReceiveCount</c>. Times are milliseconds since 1970.
        /// </summary>
        public Dictionary<string, string> Attributes { get; set; }

        /// <summary>What the sender said of the message beside its body.</summary>
        public Dictionary<string, MessageAttribute> MessageAttributes { get; set; }
    }
}
