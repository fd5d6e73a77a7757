using System.Net;
using Amazon.Kinesis;
using Amazon.Runtime;
using Pipeline.Tests.Contracts;
using Pipeline.Tests.Functions;

namespace Pipeline.Tests.Aws;

/// <summary>A client of Kinesis whose requests a test answers.</summary>
internal sealed class KinesisScript : IDisposable
{
    private readonly ScriptedHttp _http;

    /// <param name="answers">Asked for each request by its number, from 0.</param>
    /// <param name="configure">Changes the configuration; by default nothing is sent again.</param>
    public KinesisScript(Func<int, HttpResponseMessage> answers, Action<AmazonKinesisConfig>? configure = null)
    {
        _http = new ScriptedHttp
        {
            Answers = request =>
            {
                Messages.Add(request);
                return answers(Messages.Count - 1);
            },
        };
        var config = new AmazonKinesisConfig
        {
            RegionEndpoint = Amazon.RegionEndpoint.EUCentral1,
            HttpClientFactory = new SdkHttp(_http),
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
        };
        configure?.Invoke(config);
        Client = new AmazonKinesisClient(new BasicAWSCredentials("key", "secret"), config);
    }

    /// <summary>One that gets the same answer, always.</summary>
    public KinesisScript(
        string answer, HttpStatusCode status = HttpStatusCode.OK, Action<AmazonKinesisConfig>? configure = null)
        : this(_ => Json(answer, status), configure)
    {
    }

    public AmazonKinesisClient Client { get; }

    /// <summary>The requests with their headers; their bodies are in <see cref="Bodies"/>.</summary>
    public List<HttpRequestMessage> Messages { get; } = [];

    public IReadOnlyList<string> Bodies => [.. _http.Requests.Select(request => request.Body)];

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = ScriptedHttp.Answer(status, body, "application/x-amz-json-1.1");
        answer.Headers.Add("x-amzn-RequestId", "request-1");
        return answer;
    }

    public static HttpResponseMessage Error(string code, HttpStatusCode status = HttpStatusCode.BadRequest) =>
        Json($$"""{"__type":"{{code}}","message":"no"}""", status);

    public void Dispose() => Client.Dispose();
}
