using System.Diagnostics;
using System.Globalization;
using Xunit;

[assembly: AssemblyFixture(typeof(Pipeline.Tests.Contracts.Fauxqs))]
[assembly: AssemblyFixture(typeof(Pipeline.Tests.Contracts.KinesisLocal))]

namespace Pipeline.Tests.Contracts;

/// <summary>
/// Another implementation of a service, in a process of its own that listens on the loopback interface.
/// </summary>
/// <param name="script">The script of <c>tests/tools</c> that starts it.</param>
/// <param name="package">The npm package it is in.</param>
/// <param name="port">The port it asks for; it gets another, which it tells.</param>
public abstract class Emulator(string script, string package, int port) : IAsyncLifetime
{
    private readonly Lock _lock = new();
    private Process? _process;
    private Task<Uri>? _address;
    private Task<string> _output = Task.FromResult("");
    private Task<string> _errors = Task.FromResult("");

    /// <summary>Where it listens; starts it at the first call. Skips the test when it is not installed.</summary>
    public Task<Uri> AddressAsync()
    {
        lock (_lock)
        {
            return _address ??= StartAsync();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            // The script ends with its standard input.
            process.StandardInput.Close();
            await Task.WhenAll(process.WaitForExitAsync(), _output, _errors);
            process.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    private async Task<Uri> StartAsync()
    {
        if (!Directory.Exists(Path.Combine(Tools.RepositoryRoot, "tests", "tools", "node_modules", package)))
        {
            Tools.Lack($"The npm package {package} is not installed: run `npm ci --ignore-scripts` in tests/tools.");
        }
        _process = Tools.StartNode(Path.Combine(Tools.RepositoryRoot, "tests", "tools", script));
        _errors = _process.StandardError.ReadToEndAsync();
        var announcement = $"listening {port} ";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(announcement, StringComparison.Ordinal))
            {
                var chosen = int.Parse(line.AsSpan(announcement.Length), CultureInfo.InvariantCulture);
                _output = _process.StandardOutput.ReadToEndAsync();
                return new Uri($"http://127.0.0.1:{chosen}/");
            }
        }
        throw new InvalidOperationException($"{script} ended before it listened on port {port}: {await _errors}");
    }
}

/// <summary>SQS and S3 in memory; one for the whole run.</summary>
public sealed class Fauxqs() : Emulator("fauxqs.mjs", "fauxqs", 4566);

/// <summary>Kinesis in memory; one for the whole run.</summary>
public sealed class KinesisLocal() : Emulator("kinesis-local.mjs", "kinesis-local", 4568);
