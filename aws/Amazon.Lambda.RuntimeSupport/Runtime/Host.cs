using System.Globalization;

namespace Amazon.Lambda.RuntimeSupport.Runtime;

/// <summary>The process: its environment, its clock, its memory. Nothing else in this assembly asks for them.</summary>
// RS0030: by the official API a bootstrap is told none of these, and the service speaks through the environment.
#pragma warning disable RS0030
internal static class Host
{
    private const string Trace = "_X_AMZN_TRACE_ID";

    public static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>The variable's value; null when it is missing or empty.</summary>
    public static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>Puts the trace where AWS's clients look for it.</summary>
    public static void SetTrace(string traceId) => Environment.SetEnvironmentVariable(Trace, traceId);

    /// <summary>
    /// Tells the garbage collector how much memory there is: it does not see what bounds the process on Lambda.
    /// </summary>
    public static void LimitHeap(int mebibytes)
    {
        var bytes = (ulong)mebibytes << 20;
        if (mebibytes <= 0 || (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < bytes)
        {
            return;
        }
        try
        {
            AppContext.SetData("GCHeapHardLimit", bytes);
            GC.RefreshMemoryLimit();
        }
        // More is in use than there will be: the service ends the process when it has to.
        catch (InvalidOperationException)
        {
        }
    }

    public static int Number(string name) =>
        int.TryParse(Variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
