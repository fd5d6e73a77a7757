using System.Text;

namespace Pipeline.Tests.Processes;

/// <summary>Payloads as Lambda makes them.</summary>
/// <remarks>Source: "Using Lambda to process records from Kinesis", "Using Lambda with Amazon SQS".</remarks>
internal static class Payloads
{
    public const string Empty = """{"Records":[]}""";

    /// <summary>Records of a stream, one for each text.</summary>
    public static string Kinesis(params IEnumerable<string> texts) =>
        $$"""{"Records":[{{string.Join(',', texts.Select(Record))}}]}""";

    /// <summary>One message of a queue.</summary>
    public static string Sqs(string messageId, string body) =>
        $$"""
        {"Records":[{"messageId":"{{messageId}}","receiptHandle":"handle",
        "body":"{{body.Replace("\"", "\\\"", StringComparison.Ordinal)}}",
        "attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1772366400000","SenderId":"AIDA",
        "ApproximateFirstReceiveTimestamp":"1772366400001"},"messageAttributes":{},"md5OfBody":"e4e6",
        "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-2:123456789012:queue","awsRegion":"us-east-2"}]}
        """;

    private static string Record(string text, int index) =>
        $$"""
        {"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"cart",
        "sequenceNumber":"495903382714902566085596925383615710959215759891365{{index:D5}}",
        "data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}}",
        "approximateArrivalTimestamp":1772366400.123},"eventSource":"aws:kinesis","eventVersion":"1.0",
        "eventID":"shardId-000000000006:495903382714902566085596925383615710959215759891365{{index:D5}}",
        "eventName":"aws:kinesis:record","invokeIdentityArn":"arn:aws:iam::123456789012:role/lambda-role",
        "awsRegion":"us-east-2","eventSourceARN":"arn:aws:kinesis:us-east-2:123456789012:stream/lambda-stream"}
        """;
}
