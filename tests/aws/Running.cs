using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;

namespace Pipeline.Tests.Aws;

/// <summary>A bootstrap that runs in this process against a Runtime API, until it is told to stop.</summary>
internal sealed class Running : IAsyncDisposable
{
    /// <summary>A bootstrap uses its process: its environment, its standard output. Two at once would mix.</summary>
    public const string OneAtATime = "One bootstrap of this process at a time";

    private readonly CancellationTokenSource _stop = new();
    private readonly CapturedConsole _console = new();
    private readonly LambdaBootstrap _bootstrap;

    private Running(RuntimeApiServer server, LambdaBootstrapBuilder builder)
    {
        _bootstrap = builder.UseHttpClient(Client)
            .ConfigureOptions(options => options.RuntimeApiEndpoint = server.Endpoint)
            .Build();
        Task = _bootstrap.RunAsync(_stop.Token);
    }

    /// <summary>The client it speaks with.</summary>
    public HttpClient Client { get; } = LambdaBootstrap.ConstructHttpClient();

    /// <summary>What it wrote to standard output.</summary>
    public string Log => _console.Text;

    /// <summary>Ends with the loop.</summary>
    public Task Task { get; }

    public static Running Start(RuntimeApiServer server, LambdaBootstrapBuilder builder) => new(server, builder);

    public static Running Start(RuntimeApiServer server, Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(server, LambdaBootstrapBuilder.Create(handler));

    /// <summary>Tells it to stop; ends when it has.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // A test that expects it to fail has awaited it.
        await Task.ContinueWith(static _ => { }, TaskScheduler.Default);
        _bootstrap.Dispose();
        await _console.DisposeAsync();
        Client.Dispose();
        _stop.Dispose();
    }
}
