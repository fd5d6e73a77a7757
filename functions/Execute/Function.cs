using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Execute;

/// <summary>commands-high/normal/low → ExecuteHigh/Normal/Low: one worker, three functions of different size.</summary>
public static class Function
{
    /// <summary>
    /// How long a lease outlasts the timeout: clocks of two invocations are never so far apart, and the visibility
    /// timeout of six function timeouts is longer still.
    /// </summary>
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(30);

    /// <summary>The worker of one priority, by its function's name.</summary>
    public static Compose Compose(string name) => (environment, ports, time) =>
    {
        var settings = new Settings(name, environment);
        var options = QueuePumpOptions.Read(name, settings);
        var rules = ConfigFolder.Open(settings).Execute();
        var handlers = Commands.Handlers(ports.Bucket, rules, time, ports.Random);
        var records = new ExecutionRecords(ports.Bucket, options.Timeout + LeaseMargin, time, ports.Random);
        return QueueFunction.Create(options, new ExecuteCommand(handlers, records, ports.Output), ports, time);
    };
}
