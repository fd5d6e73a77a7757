using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Probe;

/// <summary>
/// A function that does what a test says, for better or worse: a process that speaks the Runtime API by hand.
/// </summary>
/// <remarks>
/// <c>PROBE_INIT</c> says how it starts, <c>PROBE</c> what it does in each invocation: steps with <c>;</c> between.
/// </remarks>
internal sealed class Program(IReadOnlyDictionary<string, string> environment, Stream output)
{
    private static readonly HttpClient s_http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private readonly string _runtime = $"http://{environment["AWS_LAMBDA_RUNTIME_API"]}/2018-06-01/runtime/";
    private readonly string _services = environment["AWS_ENDPOINT_URL"];

    private static async Task<int> Main()
    {
        var environment = new Dictionary<string, string>();
#pragma warning disable RS0030 // The process's entry point reads its environment.
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
#pragma warning restore RS0030
        {
            environment[(string)variable.Key] = (string)variable.Value!;
        }
        using var output = Console.OpenStandardOutput();
        return await new Program(environment, output).RunAsync();
    }

    private async Task<int> RunAsync()
    {
        var init = environment.GetValueOrDefault("PROBE_INIT", "").Split(' ', 2);
        switch (init[0])
        {
            case "never":
                await ForEverAsync();
                break;
            case "exit":
                await Console.Error.WriteLineAsync("It said this before it ended.");
                return Number(init[1]);
            case "error":
                await PostAsync(_runtime + "init/error", ErrorOf("ConfigurationException", init[1]), "Config");
                return 1;
            case "put":
                return await TryPutAsync("before-any-invocation", "x") == HttpStatusCode.Forbidden
                    ? await ServeAsync()
                    : 9;
            default:
                break;
        }
        return await ServeAsync();
    }

    private async Task<int> ServeAsync()
    {
        while (true)
        {
            using var next = await s_http.GetAsync(_runtime + "invocation/next");
            var payload = await next.Content.ReadAsByteArrayAsync();
            var id = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single();
            var steps = environment.GetValueOrDefault("PROBE", "").Split(
                ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var isAnswered = false;
            foreach (var step in steps.Select(step => step.Split(' ', 2)))
            {
                if (step is ["unless", var key])
                {
                    if (await ExistsAsync(key))
                    {
                        break;
                    }
                    continue;
                }
                if (step is ["exit", var code])
                {
                    return Number(code);
                }
                isAnswered = await DoAsync(step[0], step.ElementAtOrDefault(1) ?? "", id, next, payload);
            }
            if (!isAnswered)
            {
                await PostAsync($"{_runtime}invocation/{id}/response", """{"batchItemFailures":[]}"""u8.ToArray());
            }
        }
    }

    /// <summary>Does one step; true when it was the answer.</summary>
    private async Task<bool> DoAsync(string step, string what, string id, HttpResponseMessage next, byte[] payload)
    {
        switch (step)
        {
            case "put":
                await PutAsync($"{what}-{id}", "x");
                return false;
            case "mark":
                await PutAsync(what, "x");
                return false;
            case "tell":
                await PutAsync(what, Describe(next, payload));
                return false;
            case "fill":
                await FillAsync(Number(what));
                return false;
            case "sleep":
                await Task.Delay(TimeSpan.FromMilliseconds(Number(what)), Clock);
                return false;
            case "hang":
                await ForEverAsync();
                return false;
            case "print":
                await PrintAsync(what);
                return false;
            case "garbage":
                await output.WriteAsync(Garbage());
                return false;
            case "fail":
                await PostAsync(
                    $"{_runtime}invocation/{id}/error", ErrorOf("Broken", what), "Runtime.Broken");
                return true;
            case "rubbish":
                await PostAsync($"{_runtime}invocation/{id}/error", "no JSON"u8.ToArray(), "Runtime.Rubbish");
                return true;
            case "stray":
                using (var stray = await PostAsync($"{_runtime}invocation/another/response", "{}"u8.ToArray()))
                {
                    await PutAsync($"stray-{(int)stray.StatusCode}", "x");
                }
                return false;
            case "greedy":
                using (var refused = await s_http.GetAsync(_runtime + "invocation/next"))
                {
                    await PutAsync($"greedy-{(int)refused.StatusCode}", "x");
                }
                return false;
            case "answer":
                using (var taken = await PostAsync(
                    $"{_runtime}invocation/{id}/response", Encoding.UTF8.GetBytes(new string(' ', Number(what)))))
                {
                    await PrintAsync($"The answer was taken with {(int)taken.StatusCode}.");
                }
                return true;
            default:
                throw new NotSupportedException(step);
        }
    }

    /// <summary>Puts records of 1 MB, again and again until all are taken, as long as it takes.</summary>
    private async Task FillAsync(int count)
    {
        var record = Convert.ToBase64String(new byte[1_000_000]);
        while (count > 0)
        {
            var body = new JsonObject
            {
                ["StreamName"] = environment["OUTPUT_STREAM"],
                ["Records"] = new JsonArray([.. Enumerable.Range(0, count).Select(
                    _ => new JsonObject { ["Data"] = record, ["PartitionKey"] = "k" })]),
            };
            using var request = Signed(HttpMethod.Post, _services);
            request.Headers.Add("X-Amz-Target", "Kinesis_20131202.PutRecords");
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.1");
            using var response = await s_http.SendAsync(request);
            var answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
            count = (int)answer["FailedRecordCount"]!;
            await Task.Delay(TimeSpan.FromMilliseconds(count > 0 ? 100 : 0), Clock);
        }
    }

    private async Task PrintAsync(string line) => await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Two megabytes of anything: no text, no lines to speak of, and JSON that is no metrics record.</summary>
    private static byte[] Garbage()
    {
        var bytes = new byte[2 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        bytes.AsSpan(0, bytes.Length / 2).Replace((byte)'\n', (byte)' ');
        return
        [
            .. bytes, .. "\n{\"Records\":\"many\",\"message\":7}\n[1]\n{\"Records\":1e99}\n{\"x\":{\"Emitted\":5}}\n"u8,
            .. "{\"Records\":"u8,
        ];
    }

    private string Describe(HttpResponseMessage next, byte[] payload)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in next.Headers.Where(
            header => header.Key.StartsWith("Lambda-", StringComparison.Ordinal)))
        {
            headers[name] = values.Single();
        }
        var variables = new JsonObject();
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }
        return new JsonObject
        {
            ["folder"] = Environment.CurrentDirectory,
            ["headers"] = headers,
            ["environment"] = variables,
            ["payloadBytes"] = payload.Length,
        }.ToJsonString();
    }

    private async Task PutAsync(string key, string text)
    {
        var status = await TryPutAsync(key, text);
        if (status != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"The bucket answered {status}.");
        }
    }

    private async Task<HttpStatusCode> TryPutAsync(string key, string text)
    {
        using var request = Signed(HttpMethod.Put, $"{_services}/{environment["BUCKET"]}/{key}");
        request.Content = new StringContent(text);
        using var response = await s_http.SendAsync(request);
        return response.StatusCode;
    }

    private async Task<bool> ExistsAsync(string key)
    {
        using var request = Signed(HttpMethod.Head, $"{_services}/{environment["BUCKET"]}/{key}");
        using var response = await s_http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    private HttpRequestMessage Signed(HttpMethod method, string address)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={environment["AWS_ACCESS_KEY_ID"]}/20260101/us-east-1/any/aws4_request");
        return request;
    }

    private static async Task<HttpResponseMessage> PostAsync(string address, byte[] body, string? errorType = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        if (errorType is not null)
        {
            request.Headers.Add("Lambda-Runtime-Function-Error-Type", errorType);
        }
        return await s_http.SendAsync(request);
    }

    private static byte[] ErrorOf(string type, string message) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, string> { ["errorType"] = type, ["errorMessage"] = message });

    private static Task ForEverAsync() => Task.Delay(Timeout.InfiniteTimeSpan, Clock);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

#pragma warning disable RS0030 // The process's own clock.
    private static TimeProvider Clock => TimeProvider.System;
#pragma warning restore RS0030
}
