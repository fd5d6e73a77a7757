using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Functions;

/// <summary>
/// Stands between one invocation and the world: its calls take effect after its computing time, and none after it died.
/// </summary>
internal sealed class InvocationGate(
    Scheduler scheduler, DateTimeOffset readyAt, Crash crash, Faults faults, string function)
{
    // The gate's own: what waits for a task that never ends stays in memory for as long as the task does.
    private readonly Task _forever = new TaskCompletionSource().Task;

    private readonly TaskCompletionSource _died = new();

    /// <summary>Ends when the invocation is made to die.</summary>
    public Task Died => _died.Task;

    /// <summary>When the computing of the invocation is over.</summary>
    public DateTimeOffset ReadyAt => readyAt;

    /// <summary>Whether the invocation is to die before it can report.</summary>
    public bool DiesBeforeReport => crash == Crash.BeforeReport;

    /// <summary>Ends the invocation's effects: later calls never come back.</summary>
    public void Close() => _died.TrySetResult();

    /// <summary>Runs a call to the world in the invocation's name.</summary>
    public async ValueTask<T> CallAsync<T>(Func<T> call)
    {
        if (scheduler.Now < readyAt)
        {
            await Task.Delay(readyAt - scheduler.Now, scheduler.Clock);
        }
        await DieIf(crash == Crash.BeforeFlush);
        var fault = faults.OnRequest(function);
        if (fault == RequestFault.Lost)
        {
            throw new PortFaultException("The request was lost.");
        }
        if (fault == RequestFault.Hangs)
        {
            await _forever;
        }
        if (fault == RequestFault.Late)
        {
            scheduler.Start(() => TakeEffectLaterAsync(call));
            await DieIf(now: true);
        }
        var answer = call();
        await DieIf(crash == Crash.DuringFlush);
        return fault == RequestFault.AnswerLost ? throw new PortFaultException("The answer was lost.") : answer;
    }

    /// <summary>Runs a call to the bucket in the invocation's name.</summary>
    /// <param name="conflict">The answer 409 of a conditional write; null for other calls.</param>
    public async ValueTask<T> CallBucketAsync<T>(Func<T> call, Func<T>? conflict = null)
    {
        var fault = faults.OnBucket(function);
        if (fault == BucketFault.Slow)
        {
            await Task.Delay(faults.Slowness(), scheduler.Clock);
        }
        return await CallAsync(fault switch
        {
            BucketFault.Error => () => throw new PortFaultException("InternalError: the bucket failed (500)."),
            BucketFault.Conflict when conflict is not null => conflict,
            _ => call,
        });
    }

    private async Task TakeEffectLaterAsync<T>(Func<T> call)
    {
        await Task.Delay(faults.Lateness(), scheduler.Clock);
        try
        {
            call();
        }
        catch (PortFaultException)
        {
            // The one who asked is dead; nobody hears the refusal.
        }
    }

    private Task DieIf(bool now)
    {
        if (now)
        {
            Close();
        }
        return Died.IsCompleted ? _forever : Task.CompletedTask;
    }
}
