using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tests.Contracts;

/// <summary>Speaks the AWS JSON protocols to an emulator, which looks at no signature.</summary>
/// <param name="target">What stands before the operation's name in <c>X-Amz-Target</c>.</param>
/// <param name="mediaType">Names the protocol's version.</param>
internal sealed class JsonClient(Uri address, string target, string mediaType)
{
    // An emulator wants to see that a request is signed, not how.
    private const string Signature = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/service/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature=0";

    private static readonly HttpClient s_http = new();

    /// <summary>Makes one request and answers the response's members.</summary>
    /// <exception cref="ServiceErrorException">The service refused it.</exception>
    public async Task<JsonObject> CallAsync(string operation, JsonObject input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(input.ToJsonString()));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        request.Headers.Add("X-Amz-Target", $"{target}.{operation}");
        request.Headers.Add("X-Amz-Date", "20260101T000000Z");
        request.Headers.TryAddWithoutValidation("Authorization", Signature);
        using var response = await s_http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw ErrorOf(text, (int)response.StatusCode);
        }
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    private static ServiceErrorException ErrorOf(string text, int status)
    {
        try
        {
            var error = JsonNode.Parse(text)!.AsObject();
            var code = (string?)error["__type"] ?? $"{status}";
            return new ServiceErrorException(
                code[(code.IndexOf('#', StringComparison.Ordinal) + 1)..], (string?)error["message"] ?? "");
        }
        catch (JsonException)
        {
            return new ServiceErrorException($"{status}", text);
        }
    }
}
