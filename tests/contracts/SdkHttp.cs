using Amazon.Runtime;

namespace Pipeline.Tests.Contracts;

/// <summary>Lets a client of the AWS SDK make its requests through a handler of the test's.</summary>
internal sealed class SdkHttp(HttpMessageHandler handler) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);
}
