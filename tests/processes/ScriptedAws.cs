using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Engine.Loopback;

namespace Pipeline.Tests.Processes;

/// <summary>A request that a client of AWS made.</summary>
internal sealed record AwsRequest(string Operation, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// Answers clients of AWS as an empty world that takes everything: no object is there, every write is well.
/// </summary>
internal sealed class ScriptedAws : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly ConcurrentQueue<AwsRequest> _requests = new();

    public ScriptedAws() => _listener = new LoopbackListener(AnswerAsync);

    public Uri Address => _listener.Address;

    /// <summary>What was asked for so far.</summary>
    public IReadOnlyCollection<AwsRequest> Requests => _requests;

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        var operation = headers.GetValueOrDefault("X-Amz-Target", $"{context.Request.Method} {context.Request.Path}");
        _requests.Enqueue(new AwsRequest(operation, headers, body));
        switch (operation)
        {
            case "AmazonSQS.SendMessageBatch":
                context.Response.ContentType = "application/x-amz-json-1.0";
                await context.Response.WriteAsync(Sent(body));
                break;
            case ['G', 'E', 'T', ..]:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "application/xml";
                await context.Response.WriteAsync("<Error><Code>NoSuchKey</Code><Message>None.</Message></Error>");
                break;
            default:
                context.Response.Headers.ETag = "\"1\"";
                break;
        }
    }

    private static string Sent(string body)
    {
        using var request = JsonDocument.Parse(body);
        var sent = request.RootElement.GetProperty("Entries").EnumerateArray().Select(entry =>
        {
            var message = Encoding.UTF8.GetBytes(entry.GetProperty("MessageBody").GetString()!);
            var id = entry.GetProperty("Id").GetString();
            var hash = Convert.ToHexStringLower(MD5.HashData(message));
            return $$"""{"Id":"{{id}}","MessageId":"m-{{id}}","MD5OfMessageBody":"{{hash}}"}""";
        });
        return $$"""{"Successful":[{{string.Join(',', sent)}}],"Failed":[]}""";
    }
}
