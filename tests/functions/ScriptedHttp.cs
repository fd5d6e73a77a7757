using System.Net;
using System.Text;

namespace Pipeline.Tests.Functions;

/// <summary>Answers the requests of a client as a test says, and keeps them.</summary>
internal sealed class ScriptedHttp : HttpMessageHandler
{
    /// <summary>Asked for each request.</summary>
    public required Func<HttpRequestMessage, HttpResponseMessage> Answers { get; init; }

    /// <summary>Method and body of each request.</summary>
    public List<(string Method, string Body)> Requests { get; } = [];

    public static HttpResponseMessage Answer(HttpStatusCode status, string body, string mediaType) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
        Requests.Add((request.Method.Method, body));
        return Answers(request);
    }
}
