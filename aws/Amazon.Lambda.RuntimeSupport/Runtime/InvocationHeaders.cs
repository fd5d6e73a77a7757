using System.Globalization;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>What the Runtime API says about an invocation beside its payload; null is what it did not say.</summary>
internal sealed record InvocationHeaders(string RequestId)
{
    /// <summary>Tells the tries of one request apart; sent back with the answer.</summary>
    public const string Invocation = "Lambda-Runtime-Invocation-Id";

    public string InvocationId { get; private init; }

    public DateTimeOffset Deadline { get; private init; }

    public string FunctionArn { get; private init; }

    public string TraceId { get; private init; }

    public string ClientContext { get; private init; }

    public string CognitoIdentity { get; private init; }

    /// <summary>Reads them; null when there is no request id. Headers it does not know mean nothing to it.</summary>
    public static InvocationHeaders Read(HttpResponseHeaders headers) =>
        Value(headers, "Lambda-Runtime-Aws-Request-Id") is not { } requestId ? null : new(requestId)
        {
            InvocationId = Value(headers, Invocation),
            Deadline = Time(Value(headers, "Lambda-Runtime-Deadline-Ms")),
            FunctionArn = Value(headers, "Lambda-Runtime-Invoked-Function-Arn"),
            TraceId = Value(headers, "Lambda-Runtime-Trace-Id"),
            ClientContext = Value(headers, "Lambda-Runtime-Client-Context"),
            CognitoIdentity = Value(headers, "Lambda-Runtime-Cognito-Identity"),
        };

    private static string Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static DateTimeOffset Time(string milliseconds) =>
        long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(value)
            : DateTimeOffset.UnixEpoch;
}
