using System.Net.Http.Headers;
using Amazon.Lambda.RuntimeSupport.Runtime;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Speaks to the Runtime API, version 2018-06-01.</summary>
public class RuntimeApiClient : IRuntimeApiClient
{
    private const string ErrorType = "Lambda-Runtime-Function-Error-Type";

    private static readonly MediaTypeHeaderValue ErrorContent = new("application/vnd.aws.lambda.error+json");
    private static readonly MediaTypeHeaderValue ResponseContent = new("application/json");

    private readonly HttpClient _httpClient;
    private readonly FunctionEnvironment _environment;
    private readonly PayloadBuffer _payload = new();
    private readonly string _base;

    /// <param name="httpClient">The client to speak with; the caller closes it.</param>
    /// <exception cref="InvalidOperationException">The environment does not say where the Runtime API is.</exception>
    public RuntimeApiClient(HttpClient httpClient)
        : this(httpClient, new FunctionEnvironment(options: null))
    {
    }

    internal RuntimeApiClient(HttpClient httpClient, FunctionEnvironment environment)
    {
        _httpClient = httpClient;
        _environment = environment;
        _base = $"http://{environment.RuntimeApi}/2018-06-01/runtime";
    }

    internal FunctionLog Log => _environment.Log;

    /// <summary>Reports that the function cannot start; the process is to end then.</summary>
    /// <param name="exception">Why not.</param>
    /// <param name="errorType">What kind of error, such as <c>Runtime.ConfigInvalid</c>; null for none.</param>
    /// <exception cref="RuntimeApiClientException">The Runtime API refused the report.</exception>
    /// <exception cref="HttpRequestException">The Runtime API is not there, or went away.</exception>
    public async Task ReportInitializationErrorAsync(
        Exception exception, string errorType = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(exception);
        using var request = ErrorRequest($"{_base}/init/error", exception, errorType);
        using var answer = await _httpClient.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusalAsync("the report of an initialization error", answer);
        }
    }

    internal async Task<InvocationRequest> GetNextInvocationAsync(CancellationToken cancellation)
    {
        using var answer = await _httpClient.GetAsync(
            $"{_base}/invocation/next", HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusalAsync("to give an invocation", answer);
        }
        if (InvocationHeaders.Read(answer.Headers) is not { } headers)
        {
            throw ToException("The Runtime API gave an invocation without its request id.", answer, response: "");
        }
        var payload = await _payload.ReadAsync(answer.Content, cancellation);
        Host.SetTrace(headers.TraceId);
        Log.Begin(headers);
        return new InvocationRequest(payload, new InvocationContext(headers, _environment));
    }

    internal async Task SendResponseAsync(InvocationHeaders invocation, Stream response)
    {
        // The stream is its owner's to close; closing its content or the request would close it.
        var content = new StreamContent(response ?? Stream.Null);
        content.Headers.ContentType = ResponseContent;
        var request = new HttpRequestMessage(HttpMethod.Post, Uri(invocation, "response")) { Content = content };
        await PostAsync(invocation, request, "the response");
    }

    internal async Task ReportInvocationErrorAsync(InvocationHeaders invocation, Exception exception)
    {
        using var request = ErrorRequest(Uri(invocation, "error"), exception, exception.GetType().Name);
        await PostAsync(invocation, request, "the error");
    }

    private static HttpRequestMessage ErrorRequest(string uri, Exception exception, string errorType)
    {
        var content = new ByteArrayContent(ErrorDocument.Write(exception));
        content.Headers.ContentType = ErrorContent;
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = content };
        if (errorType is not null)
        {
            request.Headers.TryAddWithoutValidation(ErrorType, ErrorDocument.ToHeader(errorType));
        }
        return request;
    }

    /// <summary>
    /// Posts what ends an invocation. A refusal with 4xx ended it as well: it was too large, or the invocation was over
    /// already.
    /// </summary>
    private async Task PostAsync(InvocationHeaders invocation, HttpRequestMessage request, string what)
    {
        if (invocation.InvocationId is { } id)
        {
            request.Headers.TryAddWithoutValidation(InvocationHeaders.Invocation, id);
        }
        using var answer = await _httpClient.SendAsync(request, CancellationToken.None);
        if (answer.IsSuccessStatusCode)
        {
            return;
        }
        var refusal = await RefusalAsync(what, answer);
        if (refusal.StatusCode is < 400 or >= 500)
        {
            throw refusal;
        }
        Log.LogError(refusal.Message);
    }

    private string Uri(InvocationHeaders invocation, string what) =>
        $"{_base}/invocation/{System.Uri.EscapeDataString(invocation.RequestId)}/{what}";

    private static async Task<RuntimeApiClientException> RefusalAsync(string what, HttpResponseMessage answer)
    {
        var response = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        return ToException(
            $"The Runtime API refused {what}: {(int)answer.StatusCode} {answer.ReasonPhrase}. {response}".TrimEnd(),
            answer, response);
    }

    private static RuntimeApiClientException ToException(string message, HttpResponseMessage answer, string response) =>
        new(message, (int)answer.StatusCode, response, answer.Headers.ToDictionary(), innerException: null);
}
