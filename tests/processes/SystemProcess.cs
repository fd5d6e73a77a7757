using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>Processes of the system, whoever started them.</summary>
/// <remarks>
/// One that has ended stays listed until its parent takes note. When the parent ended before it, that falls to the
/// system's first process, which in a container may never do so. It counts as ended all the same.
/// </remarks>
internal static class SystemProcess
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    // Long enough for a machine that has much else to do.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits for its end.</summary>
    public static async Task EndAsync(int process)
    {
#pragma warning disable RS0030 // It runs by the system's clock.
        var clock = TimeProvider.System;
#pragma warning restore RS0030
        var began = clock.GetTimestamp();
        while (IsAlive(process))
        {
            Assert.True(clock.GetElapsedTime(began) < s_patience, $"Process {process} does not end.");
            await Task.Delay(s_pause, clock);
        }
    }

    /// <summary>Whether it is there and has not ended.</summary>
    public static bool IsAlive(int process)
    {
        if (OperatingSystem.IsLinux())
        {
            return ParentOf(process) is not null;
        }
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Those that it started and that have not ended; on Linux only.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && ParentOf(id) == process)
            {
                children.Add(id);
            }
        }
        return children;
    }

    /// <summary>The parent of one that is there and has not ended, else null.</summary>
    private static int? ParentOf(int process)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{process}/stat");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        // "pid (name) state parent ...": the name may hold anything, also parentheses.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
    }
}
