namespace Pipeline.Engine.Time;

/// <summary>Starts what goes on away from the scheduler, on threads of the pool.</summary>
/// <remarks>
/// Whatever is awaited comes back to the context in which it was begun; work with sockets and processes must not come
/// back to the scheduler.
/// </remarks>
internal static class Outside
{
    /// <summary>Begins something outside the scheduler's context.</summary>
    public static T Begin<T>(Func<T> begin)
    {
        var inner = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return begin();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(inner);
        }
    }

    /// <summary>Does something outside and holds the thread until it is done.</summary>
    public static void Do(Func<Task> work) => Begin(work).GetAwaiter().GetResult();
}
