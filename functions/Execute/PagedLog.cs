using Pipeline.Core;

namespace Pipeline.Functions.Execute;

/// <summary>A page of a log: what several commands left in one object, bounded in number.</summary>
public interface ILogPage
{
    /// <summary>Where the page is kept once another follows.</summary>
    string Key { get; }

    /// <summary>Where the page before it is kept; null for the first of all.</summary>
    string? PreviousKey { get; }

    /// <summary>When a command left something in it last.</summary>
    DateTimeOffset LastAt { get; }

    /// <summary>Whether a command has left something in it.</summary>
    bool Holds(string command);

    /// <summary>The object's bytes.</summary>
    ReadOnlyMemory<byte> Write();
}

/// <summary>What becomes of a log's last page.</summary>
/// <param name="Next">The page that takes its place; null when nothing changes.</param>
/// <param name="IsTurned">The page it was is complete, and kept before another takes its place.</param>
public readonly record struct Turn<TPage>(TPage? Next, bool IsTurned, Effect Effect)
    where TPage : class, ILogPage;

/// <summary>
/// A log of commands' effects in objects of bounded size: its last page is one object that is replaced under a
/// condition, the pages before it are created once and stay.
/// </summary>
/// <remarks>
/// Each command leaves its id, by which a second attempt finds what the first one did: in the last page or, when pages
/// were turned meanwhile, in the earlier ones. A page is complete when it is full or says so itself, and never changes
/// after; that makes its bytes fixed by its key, whoever keeps it.
/// </remarks>
public sealed class PagedLog<TPage>(SharedObjects objects, Func<string, StoredObject, TPage> read)
    where TPage : class, ILogPage
{
    /// <summary>How far apart the clocks of two invocations are believed to be at most.</summary>
    private static readonly TimeSpan ClockSkewMax = TimeSpan.FromHours(1);

    /// <summary>Changes the log, unless the command has left something in it already.</summary>
    /// <param name="key">Of the last page.</param>
    /// <param name="turn">Decides about the last page; null when there is none yet.</param>
    /// <exception cref="PortFaultException">The bucket failed, or an object is no page.</exception>
    public ValueTask<Effect> ChangeAsync(
        string key, Attempt attempt, Func<TPage?, Turn<TPage>> turn, CancellationToken cancellation) =>
        objects.ChangeAsync(
            key,
            attempt,
            async (stored, mayBeDone) =>
            {
                var page = stored is null ? null : read(key, stored);
                if (page is not null
                    && (page.Holds(attempt.Command)
                        || (mayBeDone && await IsInEarlierPageAsync(page, attempt, cancellation))))
                {
                    return new Change(null, Effect.Executed);
                }
                var (next, isTurned, effect) = turn(page);
                if (isTurned)
                {
                    await objects.KeepAsync(page!.Key, stored!.Body, attempt.Delivery, cancellation);
                }
                return new Change(next?.Write(), effect);
            },
            cancellation);

    // Pages are in order of time, so the search ends where the command's first attempt had not begun.
    private async ValueTask<bool> IsInEarlierPageAsync(
        TPage last, Attempt attempt, CancellationToken cancellation)
    {
        for (var key = last.PreviousKey; key is not null;)
        {
            var stored = await objects.GetAsync(key, attempt.Delivery, cancellation);
            if (stored is null)
            {
                return false;
            }
            var page = read(key, stored);
            if (page.Holds(attempt.Command))
            {
                return true;
            }
            key = page.LastAt < attempt.StartedAt - ClockSkewMax ? null : page.PreviousKey;
        }
        return false;
    }
}
