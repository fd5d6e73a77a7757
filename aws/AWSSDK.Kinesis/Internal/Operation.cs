using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace Amazon.Kinesis.Internal;

/// <summary>One operation of the API: writes its request and reads its answer, by the AWS JSON protocol 1.1.</summary>
/// <param name="write">Writes the members of the request's body.</param>
/// <param name="answer">The members of the answer; null: it has none, and its body is not looked at.</param>
/// <param name="estimate">About how many bytes the body will have.</param>
internal sealed class Operation<TRequest, TResponse>(
    string name, Action<Utf8JsonWriter, TRequest> write, Members<TResponse> answer = null,
    Func<TRequest, int> estimate = null)
    : JsonResponseUnmarshaller, IMarshaller<IRequest, AmazonWebServiceRequest>
    where TRequest : AmazonKinesisRequest
    where TResponse : AmazonWebServiceResponse, new()
{
    private const int BodyBytesUsual = 1024;

    // Escapes no more than JSON must: bodies are not put into web pages.
    private static readonly JsonWriterOptions s_writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly string _target = $"Kinesis_20131202.{name}";

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = (TRequest)input;
        // The pipeline disposes of the request and its content with it.
        var body = new PooledContentStream(estimate?.Invoke(request) ?? BodyBytesUsual);
        var message = new DefaultRequest(request, "Amazon.Kinesis")
        {
            HttpMethod = "POST",
            ResourcePath = "/",
            ContentStream = body,
        };
        message.Headers["X-Amz-Target"] = _target;
        message.Headers["Content-Type"] = "application/x-amz-json-1.1";
        message.Headers["x-amz-api-version"] = KinesisService.ApiVersion;
        using var json = new Utf8JsonWriter(body.BufferWriter, s_writing);
        json.WriteStartObject();
        write(json, request);
        json.WriteEndObject();
        return message;
    }

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
    {
        if (answer is null)
        {
            return new TResponse();
        }
        using var body = AnswerBody.Read(input.Stream, input.ResponseData.ContentLength);
        var json = new Utf8JsonReader(body.Bytes);
        return json.Object(answer) ?? throw new JsonException($"The answer to {name} is null.");
    }

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var json = new StreamingUtf8JsonReader(input.Stream);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref json);
        error.InnerException = innerException;
        error.StatusCode = statusCode;
        return KinesisErrors.ToException(error);
    }
}
