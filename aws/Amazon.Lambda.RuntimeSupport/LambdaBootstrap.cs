using System.Runtime.CompilerServices;
using Amazon.Lambda.RuntimeSupport.Bootstrap;
using Amazon.Lambda.RuntimeSupport.Runtime;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Asks Lambda for invocations, one after the other, and answers each with what the handler makes of it.
/// </summary>
/// <remarks>
/// What the Runtime API refuses of one invocation (an answer too large, an answer too late) is logged, and the next one
/// is asked for. When it fails itself, nothing can go on, and <see cref="RunAsync"/> throws.
/// Source: "Using the Lambda runtime API for custom runtimes", Lambda Developer Guide.
/// </remarks>
public class LambdaBootstrap : IDisposable
{
    private readonly HttpClient _httpClient;
    private readonly bool _ownsHttpClient;
    private readonly LambdaBootstrapHandler _handler;
    private readonly LambdaBootstrapInitializer _initializer;
    private readonly FunctionEnvironment _environment;
    private readonly RuntimeApiClient _client;

    /// <param name="httpClient">The client to speak to the Runtime API with; its timeout is taken off.</param>
    /// <param name="handler">Handles each invocation.</param>
    /// <param name="initializer">Runs before the first invocation is asked for; null for nothing.</param>
    public LambdaBootstrap(
        HttpClient httpClient, LambdaBootstrapHandler handler, LambdaBootstrapInitializer initializer = null)
        : this(httpClient, ownsHttpClient: false, handler, options: null, initializer)
    {
    }

    /// <param name="handler">Handles each invocation.</param>
    /// <param name="initializer">Runs before the first invocation is asked for; null for nothing.</param>
    public LambdaBootstrap(LambdaBootstrapHandler handler, LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), ownsHttpClient: true, handler, options: null, initializer)
    {
    }

    /// <param name="handlerWrapper">Handles each invocation.</param>
    /// <param name="initializer">Runs before the first invocation is asked for; null for nothing.</param>
    public LambdaBootstrap(HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(handlerWrapper.Handler, initializer)
    {
    }

    /// <param name="handlerWrapper">Handles each invocation.</param>
    /// <param name="lambdaBootstrapOptions">What a test may set.</param>
    /// <param name="initializer">Runs before the first invocation is asked for; null for nothing.</param>
    public LambdaBootstrap(
        HandlerWrapper handlerWrapper, LambdaBootstrapOptions lambdaBootstrapOptions,
        LambdaBootstrapInitializer initializer = null)
        : this(ConstructHttpClient(), ownsHttpClient: true, handlerWrapper.Handler, lambdaBootstrapOptions, initializer)
    {
    }

    /// <param name="httpClient">The client to speak to the Runtime API with; its timeout is taken off.</param>
    /// <param name="handlerWrapper">Handles each invocation.</param>
    /// <param name="initializer">Runs before the first invocation is asked for; null for nothing.</param>
    public LambdaBootstrap(
        HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapInitializer initializer = null)
        : this(httpClient, handlerWrapper.Handler, initializer)
    {
    }

    /// <param name="httpClient">The client to speak to the Runtime API with; its timeout is taken off.</param>
    /// <param name="handlerWrapper">Handles each invocation.</param>
    /// <param name="lambdaBootstrapOptions">What a test may set.</param>
    /// <param name="initializer">Runs before the first invocation is asked for; null for nothing.</param>
    public LambdaBootstrap(
        HttpClient httpClient, HandlerWrapper handlerWrapper, LambdaBootstrapOptions lambdaBootstrapOptions,
        LambdaBootstrapInitializer initializer = null)
        : this(httpClient, ownsHttpClient: false, handlerWrapper.Handler, lambdaBootstrapOptions, initializer)
    {
    }

    private LambdaBootstrap(
        HttpClient httpClient, bool ownsHttpClient, LambdaBootstrapHandler handler, LambdaBootstrapOptions options,
        LambdaBootstrapInitializer initializer)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        ArgumentNullException.ThrowIfNull(handler);
        _httpClient = httpClient;
        _ownsHttpClient = ownsHttpClient;
        _handler = handler;
        _initializer = initializer;
        // Lambda freezes the process while it waits for an invocation, for hours perhaps.
        _httpClient.Timeout = Timeout.InfiniteTimeSpan;
        _environment = new FunctionEnvironment(options);
        _client = new RuntimeApiClient(_httpClient, _environment);
    }

    /// <summary>
    /// A client made for the Runtime API: it goes there directly, whatever proxy the environment names.
    /// </summary>
    public static HttpClient ConstructHttpClient()
    {
        var version = typeof(LambdaBootstrap).Assembly.GetName().Version;
        var kind = RuntimeFeature.IsDynamicCodeSupported ? "" : "-aot";
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        client.DefaultRequestHeaders.TryAddWithoutValidation(
            "User-Agent", $"aws-lambda-dotnet/{Environment.Version}-{version}{kind}");
        return client;
    }

    /// <summary>
    /// Initializes, then handles invocations until it is cancelled. An invocation under way is answered before that.
    /// </summary>
    /// <exception cref="RuntimeApiClientException">The Runtime API failed.</exception>
    /// <exception cref="HttpRequestException">The Runtime API is not there, or went away.</exception>
    /// <exception cref="IOException">It went away while it gave an invocation.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        _environment.LimitHeap();
        if (_initializer is not null && !await InitializeAsync())
        {
            return;
        }
        while (!cancellationToken.IsCancellationRequested)
        {
            InvocationRequest invocation;
            try
            {
                invocation = await _client.GetNextInvocationAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            using (invocation)
            {
                await HandleAsync(invocation);
            }
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the client to the Runtime API, if it is this bootstrap's own.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && _ownsHttpClient)
        {
            _httpClient.Dispose();
        }
    }

    private async Task<bool> InitializeAsync()
    {
        try
        {
            return await _initializer();
        }
        catch (Exception error)
        {
            _client.Log.Write(error);
            await _client.ReportInitializationErrorAsync(error);
            throw;
        }
    }

    private async Task HandleAsync(InvocationRequest invocation)
    {
        var headers = ((InvocationContext)invocation.LambdaContext).Headers;
        InvocationResponse response;
        try
        {
            response = await _handler(invocation);
        }
        // Whatever the function throws is its answer.
        catch (Exception error)
        {
            _client.Log.Write(error);
            await _client.ReportInvocationErrorAsync(headers, error);
            return;
        }
        try
        {
            await _client.SendResponseAsync(headers, response?.OutputStream);
        }
        finally
        {
            if (response is { DisposeOutputStream: true })
            {
                await response.OutputStream.DisposeAsync();
            }
        }
    }
}
