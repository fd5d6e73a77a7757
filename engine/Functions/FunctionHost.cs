using System.Runtime.InteropServices;
using Pipeline.Core;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;
using Pipeline.Functions;

namespace Pipeline.Engine.Functions;

/// <summary>
/// Runs a function as Lambda does: so many invocations at a time, in instances that are reused; a timeout that kills;
/// effects that end with the invocation.
/// </summary>
/// <remarks>
/// Our choices where AWS publishes nothing: an instance whose response was too large goes on; one that fails to start
/// takes no time. Source: "Lambda quotas", "Understanding the Lambda execution environment lifecycle".
/// </remarks>
public sealed class FunctionHost
{
    private readonly FunctionModel _model;
    private readonly World _world;
    private readonly Scheduler _scheduler;
    private readonly FunctionTime _time;
    private readonly Faults _faults;
    private readonly Random _random;
    private readonly FunctionCounters _counters;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly Compose _compose;
    private readonly ConcurrencyPool _places;
    private readonly Stack<Instance> _idle = new();

    /// <exception cref="ConfigurationException">
    /// The function is unknown, or a setting or file of its configuration is wrong.
    /// </exception>
    public FunctionHost(
        FunctionModel model, ConcurrencyPool places, World world, Scheduler scheduler, EngineOptions options,
        Random random)
    {
        _places = places;
        (_model, _world, _scheduler, _random) = (model, world, scheduler, random);
        _faults = options.Faults;
        _time = options.Settings.FunctionTimes.GetValueOrDefault(model.Function)
            ?? new FunctionTime(options.Settings.InvocationBase, options.Settings.InvocationPerRecord);
        _counters = new FunctionCounters();
        _compose = options.Functions(model.Function);
        _environment = EnvironmentOf(model, options);
        _idle.Push(Create());
    }

    /// <summary>Starts the function once, without a world, to hear of mistakes in its configuration.</summary>
    /// <exception cref="ConfigurationException">The function is unknown, or a setting or file is wrong.</exception>
    public static void Check(FunctionModel model, EngineOptions options)
    {
        var nowhere = new InstancePorts(null!, new FunctionCounters());
        var clock = new Scheduler(DateTimeOffset.UnixEpoch).Clock;
        options.Functions(model.Function)(EnvironmentOf(model, options), nowhere.ToPorts(new Random(0)), clock);
    }

    /// <summary>The function's name.</summary>
    public string Name => _model.Function;

    public string LogicalId => _model.LogicalId;

    public string Arn => _model.Arn;

    /// <summary>What its metrics records added up to.</summary>
    public FunctionCounters Counters => _counters;

    /// <summary>Invokes the function with a payload and waits for its answer or its end.</summary>
    /// <param name="records">Records or messages in the payload: they take virtual time.</param>
    public async Task<InvocationResult> InvokeAsync(ReadOnlyMemory<byte> payload, int records)
    {
        var requestId = NextId();
        if (!_places.TryEnter())
        {
            _counters.Throttles++;
            return InvocationResult.Throttled(_places.Reason, requestId);
        }
        _counters.Invocations++;
        _counters.Begin();
        var result = TryTakeInstance(requestId, out var instance) is { } failed
            ? failed
            : await RunAsync(instance!, payload, records, requestId);
        _counters.End(result.Succeeded);
        _places.Leave();
        return result;
    }

    /// <summary>Takes an idle instance or starts one; answers the error when that fails.</summary>
    private InvocationResult? TryTakeInstance(string requestId, out Instance? instance)
    {
        if (_idle.TryPop(out instance))
        {
            return null;
        }
        try
        {
            instance = Create();
            return null;
        }
#pragma warning disable CA1031 // The runtime reports whatever a start throws as the invocation's error.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return InvocationResult.Unhandled(error, requestId);
        }
    }

    private async Task<InvocationResult> RunAsync(
        Instance instance, ReadOnlyMemory<byte> payload, int records, string requestId)
    {
        var start = _scheduler.Now;
        var readyAt = start + _time.Base + (records * _time.PerRecord);
        var gate = new InvocationGate(_scheduler, readyAt, _faults.OnInvocation(Name), _faults, Name);
        instance.Ports.Gate = gate;
        var context = new EngineContext(
            requestId, _model.LogicalId, _model.Arn, _model.MemoryMebibytes, start + _model.Timeout, _scheduler);
        using var timeout = new CancellationTokenSource();
        var killed = Task.Delay(_model.Timeout, _scheduler.Clock, timeout.Token);
        var work = WorkAsync(instance.Function, payload, context, gate);
        var first = await Task.WhenAny(work, gate.Died, killed);
#pragma warning disable CA1849 // CancelAsync would run on a thread of the pool; everything stays on the scheduler's.
        timeout.Cancel();
#pragma warning restore CA1849
        gate.Close();
        if (first == work)
        {
            // An instance that answered or failed by itself goes on; one that was killed or died does not.
            _idle.Push(instance);
            return await work;
        }
        return first == killed
            ? InvocationResult.Error(
                "Sandbox.Timedout", $"Task timed out after {_model.Timeout.TotalSeconds:F2} seconds", requestId)
            : InvocationResult.Error(
                "Runtime.ExitError", "Runtime exited without providing a reason", requestId);
    }

    private async Task<InvocationResult> WorkAsync(
        LambdaFunction function, ReadOnlyMemory<byte> payload, EngineContext context, InvocationGate gate)
    {
        try
        {
            using var request = ToStream(payload);
            var response = await function.Handler(request, context);
            if (_scheduler.Now < gate.ReadyAt)
            {
                await Task.Delay(gate.ReadyAt - _scheduler.Now, _scheduler.Clock);
            }
            if (gate.DiesBeforeReport)
            {
                gate.Close();
                await new TaskCompletionSource().Task;
            }
            return Answer(await ReadAsync(response), context.AwsRequestId);
        }
#pragma warning disable CA1031 // The runtime reports whatever a handler throws as the invocation's error.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return InvocationResult.Unhandled(error, context.AwsRequestId);
        }
    }

    private static MemoryStream ToStream(ReadOnlyMemory<byte> payload) =>
        MemoryMarshal.TryGetArray(payload, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(payload.ToArray(), writable: false);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream response)
    {
        using var copy = new MemoryStream();
        await response.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static InvocationResult Answer(ReadOnlyMemory<byte> response, string requestId) =>
        response.Length <= Limits.PayloadBytesMax
            ? new InvocationResult(response, null, requestId)
            : InvocationResult.Error(
                "Function.ResponseSizeTooLarge",
                $"Response payload size ({response.Length} bytes) exceeded maximum allowed payload size "
                + $"({Limits.PayloadBytesMax} bytes).",
                requestId);

    /// <summary>The environment that the template gives, and what the platform adds; nothing of this process.</summary>
    private static Dictionary<string, string> EnvironmentOf(FunctionModel model, EngineOptions options) =>
        new(model.Environment, StringComparer.Ordinal)
        {
            ["LAMBDA_TASK_ROOT"] = options.TaskRoot,
            ["_HANDLER"] = model.Function,
            ["AWS_LAMBDA_FUNCTION_NAME"] = model.LogicalId,
        };

    private Instance Create()
    {
        var ports = new InstancePorts(_world, _counters);
        return new Instance(
            _compose(_environment, ports.ToPorts(new Random(_random.Next())), _scheduler.Clock), ports);
    }

    private string NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private sealed record Instance(LambdaFunction Function, InstancePorts Ports);
}
