using System.Globalization;

namespace Pipeline.Bench;

/// <summary>A short measurement that also runs as a native program.</summary>
internal static class Rounds
{
    private const int Count = 200;

    /// <summary>Prints, of each work, nanoseconds per event and how many times the first one's that is.</summary>
    /// <remarks>
    /// The works take turns, so that a noisy neighbour disturbs all of them, and the best round of each counts.
    /// </remarks>
    internal static void Compare(
        TimeProvider time, int events, string title, params ReadOnlySpan<(string Name, Func<int> Work)> works)
    {
        var best = new double[works.Length];
        Array.Fill(best, double.MaxValue);
        for (var round = 0; round < Count; round++)
        {
            for (var index = 0; index < works.Length; index++)
            {
                var start = time.GetTimestamp();
                works[index].Work();
                best[index] = Math.Min(best[index], time.GetElapsedTime(start).TotalNanoseconds / events);
            }
        }
        Console.WriteLine(title);
        for (var index = 0; index < works.Length; index++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {works[index].Name,-28} {best[index],8:N0} ns/event  × {best[index] / best[0]:N2}"));
        }
    }
}
