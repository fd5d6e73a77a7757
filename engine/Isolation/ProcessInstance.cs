using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Loopback;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Isolation;

/// <summary>An instance in a process of its own.</summary>
/// <remarks>
/// The clock stands while its function computes: the scheduler's thread waits, where a function in the engine's process
/// would compute, until this one calls or ends. So an invocation that does not wait takes the same virtual time, and
/// everything happens in the same order, as in process: one computes at a time. Only after an answer that makes a
/// function wait by itself does the clock follow real time, until the invocation ends. One that is silent for as long
/// as its timeout, by real time, is killed, and its end is told at its deadline.
/// </remarks>
internal sealed class ProcessInstance : IFunctionInstance, ICaller
{
    private readonly FunctionModel _model;
    private readonly Scheduler _scheduler;
    private readonly FunctionCounters _counters;
    private readonly IsolationOptions _isolation;
    private readonly Action<ProcessInstance> _forget;
    private readonly Mailbox<RuntimeEvent> _events;
    private readonly Signal _came = new();
    private readonly RuntimeApi _api;
    private readonly FunctionProcess _process;
    private volatile bool _follows;
    private IDisposable? _following;
    private StartFailure? _failure;
    private bool _polls;
    private bool _isDisposed;

    /// <summary>Starts the process.</summary>
    /// <param name="forget">Called when it is disposed.</param>
    /// <exception cref="ConfigurationException">The program cannot be started.</exception>
    public ProcessInstance(
        FunctionModel model, string accessKeyId, Uri services, FunctionCounters counters, Scheduler scheduler,
        IsolationOptions isolation, Action<ProcessInstance> forget)
    {
        (_model, _counters, _scheduler, _isolation) = (model, counters, scheduler, isolation);
        _forget = forget;
        (AccessKeyId, _events) = (accessKeyId, new Mailbox<RuntimeEvent>(isolation.RealTime));
        _api = new RuntimeApi(Tell);
        try
        {
            _process = FunctionProcess.Start(
                isolation,
                FunctionEnvironment.Of(model, isolation.Command, accessKeyId, services, _api.Address),
                () => Tell(new RuntimeEvent.Exits()));
        }
        catch
        {
            _api.Dispose();
            throw;
        }
        isolation.Started?.Invoke(model.Function, _process.Id);
    }

    /// <summary>By which its calls are known.</summary>
    public string AccessKeyId { get; }

    /// <summary>The function it runs.</summary>
    public string Function => _model.Function;

    public bool IsAlive => _failure is null && !_isDisposed;

    public StartFailure? StartFailure()
    {
        var left = _isolation.StartLimit;
        while (_events.TryTake(out var heard) || (!_polls && IsAlive && TryWait(ref left, out heard)))
        {
            Apply(heard!);
        }
        if (!_polls && IsAlive)
        {
            Fail("Sandbox.Timedout", $"It did not ask for work within {_isolation.StartLimit.TotalSeconds} s.");
        }
        return _failure;
    }

    public async Task<InvocationResult> HandleAsync(
        ReadOnlyMemory<byte> payload, EngineContext context, InvocationGate gate)
    {
        var next = new NextInvocation(
            context.AwsRequestId, payload, context.Deadline, context.InvokedFunctionArn);
        var left = context.Deadline - _scheduler.Now;
        while (!_api.TryHand(next))
        {
            // It hung up or ended just now; if it comes back, it gets the invocation all the same.
            if (StartFailure() is { } failure)
            {
                return failure.ToResult(context.AwsRequestId);
            }
        }
        _polls = false;
        while (!_isDisposed)
        {
            if (!_events.TryTake(out var heard))
            {
                if (_follows)
                {
                    await _came.WaitAsync();
                }
                else if (!TryWait(ref left, out heard))
                {
                    // Nothing comes of it any more; the platform tells of it when its time is up.
                    _process.Kill();
                    break;
                }
            }
            if (heard is not null && await TakeAsync(heard, gate, context.AwsRequestId) is { } result)
            {
                return result;
            }
        }
        await new TaskCompletionSource().Task;
        return default;
    }

    /// <summary>Makes a call of the function's; on any thread.</summary>
    public async Task<T> CallAsync<T>(ServiceCall<T> call)
    {
        if (!_api.IsInvoking)
        {
            throw Refusal();
        }
        var pending = new PendingCall<T>(call);
        Tell(new RuntimeEvent.Calls(pending));
        return await pending.Answer;
    }

    /// <summary>Ends the process at once; from any thread.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends the process and takes what it wrote.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _following?.Dispose();
        _process.Dispose();
        TakeOutput();
        _api.Dispose();
        _forget(this);
        while (_events.TryTake(out var heard))
        {
            (heard as RuntimeEvent.Calls)?.Call.Refuse(Refusal());
        }
    }

    /// <summary>Takes what was heard in an invocation; the result when that ends it.</summary>
    private async ValueTask<InvocationResult?> TakeAsync(RuntimeEvent heard, InvocationGate gate, string requestId)
    {
        switch (heard)
        {
            case RuntimeEvent.Calls { Call: var call }:
                if (await call.RunAsync(gate) && !_isDisposed)
                {
                    _follows = true;
                    _following ??= _scheduler.FollowRealTime();
                }
                return null;
            case RuntimeEvent.Ends { Result: var result }:
                End();
                return result;
            case RuntimeEvent.Exits:
                Apply(heard);
                End();
                return InvocationResult.Error("Runtime.ExitError", _process.Ending, requestId);
            default:
                Apply(heard);
                return null;
        }
    }

    /// <summary>Takes what was heard outside an invocation.</summary>
    private void Apply(RuntimeEvent heard)
    {
        switch (heard)
        {
            case RuntimeEvent.Polls:
                _polls = true;
                break;
            case RuntimeEvent.HangsUp:
                _polls = false;
                break;
            case RuntimeEvent.FailsToStart { Error: var error }:
                _failure ??= new StartFailure(error.Type, error.Message, error.Document);
                break;
            case RuntimeEvent.Calls { Call: var call }:
                call.Refuse(Refusal());
                break;
            case RuntimeEvent.Exits:
                TakeOutput();
                var lastLine = _process.Errors.LastLine;
                Fail("Runtime.ExitError", _process.Ending + (lastLine.Length == 0 ? "" : $": {lastLine}"));
                break;
            default:
                break;
        }
    }

    private void Fail(string type, string message) => _failure ??= new StartFailure(type, message);

    private void End()
    {
        _following?.Dispose();
        (_following, _follows) = (null, false);
        TakeOutput();
    }

    /// <summary>Holds the scheduler's thread until something is heard, and counts the time.</summary>
    private bool TryWait(ref TimeSpan left, out RuntimeEvent? heard)
    {
        heard = null;
        var began = _isolation.RealTime.GetTimestamp();
        var came = _events.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero) && _events.TryTake(out heard);
        left -= _isolation.RealTime.GetElapsedTime(began);
        return came;
    }

    /// <summary>Takes over what the process has written so far: what it printed, then its complaints.</summary>
    private void TakeOutput()
    {
        _process.Output.MoveTo(_counters);
        _process.Errors.MoveTo(_counters);
    }

    private void Tell(RuntimeEvent heard)
    {
        _events.Post(heard);
        if (_follows)
        {
            _scheduler.PostOutside(_came.Set);
        }
    }

    private static ServiceException Refusal() =>
        new(RefusalCode.Denied, "The call was made outside an invocation.");
}
