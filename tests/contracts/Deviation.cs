using Xunit;
using Xunit.Sdk;

namespace Pipeline.Tests.Contracts;

/// <summary>Where another implementation does not do what AWS documents.</summary>
/// <param name="Name">What it does instead, as a sentence.</param>
/// <param name="Page">The AWS page that says what holds.</param>
public sealed record Deviation(string Name, string Page)
{
    /// <summary>Whether someone has seen it; otherwise the implementation may keep the law or break it.</summary>
    public bool IsObserved { get; init; } = true;

    /// <summary>
    /// Checks a law: it holds, unless the implementation is listed as deviating; then it must not, so that a fixed
    /// implementation shows up.
    /// </summary>
    /// <param name="listed">The deviations of the implementation under test.</param>
    public async Task CheckAsync(IReadOnlyCollection<Deviation> listed, Func<Task> law)
    {
        var mayKeep = listed.Contains(this with { IsObserved = false });
        if (!mayKeep && !listed.Contains(this))
        {
            await law();
            return;
        }
        try
        {
            await law();
        }
        catch (Exception broken) when (broken is XunitException or ServiceErrorException)
        {
            return;
        }
        if (mayKeep)
        {
            return;
        }
        Assert.Fail($"'{Name}' is listed in Deviations.cs and is no longer so: take it off the list.");
    }
}
