using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Loopback;

/// <summary>
/// An HTTP server on a free port of the loopback interface; requests are handled on threads of the pool.
/// </summary>
public sealed class LoopbackListener : IDisposable
{
    /// <summary>
    /// A caller may be idle for as long as others work, and its connection must not end just when it goes on. For ever
    /// it cannot be: the server would count that as long past.
    /// </summary>
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromDays(1);

    private readonly KestrelServer _server;

    /// <summary>Opens the port.</summary>
    /// <param name="handle">Handles a request; one that is cancelled ends its connection without an answer.</param>
    public LoopbackListener(Func<HttpContext, Task> handle)
    {
        // The server alone, without a host around it: nothing is read from files or the environment.
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = s_longestIdle;
        options.Listen(IPAddress.Loopback, 0);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        Outside.Do(() => _server.StartAsync(new Application(handle), CancellationToken.None));
        Address = new Uri(_server.Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Closes the port and breaks off every connection.</summary>
    public void Dispose()
    {
        Outside.Do(() => _server.StopAsync(new CancellationToken(canceled: true)));
        _server.Dispose();
    }

    private sealed class Application(Func<HttpContext, Task> handle) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public async Task ProcessRequestAsync(HttpContext context)
        {
            try
            {
                await handle(context);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
                context.Abort();
            }
        }

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}
