using System.Net.Sockets;
using Docker.DotNet;
using DotNet.Testcontainers.Images;
using Testcontainers.LocalStack;
using Xunit;

[assembly: AssemblyFixture(typeof(Pipeline.Tests.Contracts.LocalStackHost))]

namespace Pipeline.Tests.Contracts;

/// <summary>LocalStack in a container of the Docker engine of this machine; one for the whole run.</summary>
public sealed class LocalStackHost : IAsyncLifetime
{
    /// <summary>The last image that runs without an account.</summary>
    private const string Image = "localstack/localstack:4.14.0";

    private const string DefaultEngine = "unix:///var/run/docker.sock";

    private readonly Lock _lock = new();
    private LocalStackContainer? _container;
    private Task<Uri>? _address;

    /// <summary>
    /// Where it listens; starts it at the first call. Skips the test when there is no engine, or no image for it.
    /// </summary>
    public Task<Uri> AddressAsync()
    {
        lock (_lock)
        {
            return _address ??= StartAsync();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _container?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether something listens on the socket of an engine; answers at once.</summary>
    internal static async Task<bool> ListensAsync(Uri engine)
    {
        if (engine.Scheme != "unix" || !Socket.OSSupportsUnixDomainSockets)
        {
            return false;
        }
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(engine.LocalPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<Uri> StartAsync()
    {
        // Only the environment says where an engine listens that is not in the usual place.
#pragma warning disable RS0030
        var engine = new Uri(Environment.GetEnvironmentVariable("DOCKER_HOST") ?? DefaultEngine);
#pragma warning restore RS0030
        if (!await ListensAsync(engine))
        {
            Assert.Skip($"No Docker engine of this machine listens on {engine}; LocalStack needs one.");
        }
        try
        {
            _container = new LocalStackBuilder(Image)
                .WithDockerEndpoint(engine)
                // What is not there is not fetched: the tests reach nothing but this machine.
                .WithImagePullPolicy(PullPolicy.Never)
                // Queue URLs with the address that a request came to: the port is chosen by the engine.
                .WithEnvironment("SQS_ENDPOINT_STRATEGY", "dynamic")
                .Build();
            await _container.StartAsync();
        }
        catch (Exception refused) when (refused is DockerApiException or HttpRequestException or TimeoutException)
        {
            Assert.Skip($"The Docker engine on {engine} cannot start {Image}: {refused.Message}");
        }
        return new Uri(_container.GetConnectionString());
    }
}
