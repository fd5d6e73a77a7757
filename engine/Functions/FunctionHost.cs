using Pipeline.Core;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

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
    private readonly Scheduler _scheduler;
    private readonly FunctionTime _time;
    private readonly Faults _faults;
    private readonly Random _random;
    private readonly FunctionCounters _counters = new();
    private readonly IInstances _instances;
    private readonly ConcurrencyPool _places;
    private readonly Stack<IFunctionInstance> _idle = new();

    /// <summary>Starts the function's first instance.</summary>
    /// <exception cref="ConfigurationException">
    /// The function is unknown, or a setting or file of its configuration is wrong.
    /// </exception>
    internal FunctionHost(
        FunctionModel model, ConcurrencyPool places, IInstances instances, Scheduler scheduler, EngineOptions options,
        Random random)
    {
        _places = places;
        (_model, _instances, _scheduler, _random) = (model, instances, scheduler, random);
        _faults = options.Faults;
        _time = options.Settings.FunctionTimes.GetValueOrDefault(model.Function)
            ?? new FunctionTime(options.Settings.InvocationBase, options.Settings.InvocationPerRecord);
        _idle.Push(Create());
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
    private InvocationResult? TryTakeInstance(string requestId, out IFunctionInstance? instance)
    {
        while (_idle.TryPop(out instance))
        {
            if (instance.StartFailure() is null)
            {
                return null;
            }
            // It ended while it was idle, which is nobody's error.
            instance.Dispose();
        }
        try
        {
            instance = Create();
        }
#pragma warning disable CA1031 // The runtime reports whatever a start throws as the invocation's error.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return InvocationResult.Unhandled(error, requestId);
        }
        if (instance.StartFailure() is not { } failure)
        {
            return null;
        }
        instance.Dispose();
        return failure.ToResult(requestId);
    }

    private async Task<InvocationResult> RunAsync(
        IFunctionInstance instance, ReadOnlyMemory<byte> payload, int records, string requestId)
    {
        var start = _scheduler.Now;
        var readyAt = start + _time.Base + (records * _time.PerRecord);
        var gate = new InvocationGate(_scheduler, readyAt, _faults.OnInvocation(Name), _faults, Name);
        // The platform tells a deadline in whole milliseconds. Source: "Runtime API".
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds((start + _model.Timeout).ToUnixTimeMilliseconds());
        var context = new EngineContext(
            requestId, _model.LogicalId, _model.Arn, _model.MemoryMebibytes, deadline, _scheduler);
        using var timeout = new CancellationTokenSource();
        var killed = Task.Delay(_model.Timeout, _scheduler.Clock, timeout.Token);
        var work = WorkAsync(instance, payload, context, gate);
        var first = await Task.WhenAny(work, gate.Died, killed);
#pragma warning disable CA1849 // CancelAsync would run on a thread of the pool; everything stays on the scheduler's.
        timeout.Cancel();
#pragma warning restore CA1849
        gate.Close();
        if (first == work && instance.IsAlive)
        {
            // An instance that answered or failed by itself goes on; one that was killed or died does not.
            _idle.Push(instance);
            return await work;
        }
        instance.Dispose();
        return first == work
            ? await work
            : first == killed
            ? InvocationResult.Error(
                "Sandbox.Timedout", $"Task timed out after {_model.Timeout.TotalSeconds:F2} seconds", requestId)
            : InvocationResult.Error(
                "Runtime.ExitError", "Runtime exited without providing a reason", requestId);
    }

    private async Task<InvocationResult> WorkAsync(
        IFunctionInstance instance, ReadOnlyMemory<byte> payload, EngineContext context, InvocationGate gate)
    {
        var result = await instance.HandleAsync(payload, context, gate);
        if (!result.Succeeded)
        {
            return result;
        }
        if (_scheduler.Now < gate.ReadyAt)
        {
            await Task.Delay(gate.ReadyAt - _scheduler.Now, _scheduler.Clock);
        }
        if (gate.DiesBeforeReport)
        {
            gate.Close();
            await new TaskCompletionSource().Task;
        }
        return result.Response.Length <= Limits.PayloadBytesMax
            ? result
            : InvocationResult.TooLarge(result.Response.Length, context.AwsRequestId);
    }

    private IFunctionInstance Create() => _instances.Create(_model, _counters, new Random(_random.Next()));

    private string NextId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
