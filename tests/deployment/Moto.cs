using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Pipeline.Tests.Deployment;

/// <summary>An account of AWS as moto plays it, in a process of its own on the loopback interface.</summary>
internal sealed class Moto : IAsyncDisposable
{
    public const string Region = "us-east-1";

    /// <summary>The account that moto plays.</summary>
    public const string Account = "123456789012";

    private const string Announcement = " * Running on http://127.0.0.1:";

    // It ends when its standard input does, also when the tests are killed.
    private const string Script =
        "command -v moto_server >/dev/null || exit 0; moto_server -H 127.0.0.1 -p 0 & exec 2>/dev/null; cat >/dev/null; "
        + "kill $!";

    /// <summary>No test waits longer for it to start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task _rest;
    private readonly HttpClient _http = new();

    private Moto(Process process, Task rest, Uri address) => (_process, _rest, Address) = (process, rest, address);

    /// <summary>Where it listens, by the name under which buckets have names of their own.</summary>
    public Uri Address { get; }

    /// <summary>What a process needs to take it for AWS.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["AWS_ENDPOINT_URL"] = Address.ToString(),
        ["AWS_ACCESS_KEY_ID"] = "test",
        ["AWS_SECRET_ACCESS_KEY"] = "test",
        ["AWS_REGION"] = Region,
    };

    /// <summary>Starts it. Skips the test where it is not installed.</summary>
    public static async Task<Moto> StartAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("moto_server is started by a shell.");
        }
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = new List<string>();
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                var rest = Task.WhenAll(output, process.StandardError.ReadToEndAsync());
                return new Moto(process, rest, new Uri($"http://localhost:{line[Announcement.Length..]}/"));
            }
        }
        process.StandardInput.Close();
        await process.WaitForExitAsync(patience.Token);
        process.Dispose();
        Assert.Skip(
            "moto_server is not installed, or does not start; `pip install 'moto[server]'` installs it. "
            + string.Join(' ', said));
        throw new UnreachableException();
    }

    /// <summary>Asks a REST service of it.</summary>
    /// <param name="service">The service's name in a signature.</param>
    public async Task<JsonElement> GetAsync(string service, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        // It looks at whom a request is for, not at the signature.
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "AWS4-HMAC-SHA256",
            $"Credential=test/20260101/{Region}/{service}/aws4_request, SignedHeaders=host, Signature=0");
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await Task.WhenAll(_process.WaitForExitAsync(), _rest);
        _process.Dispose();
        _http.Dispose();
    }
}
