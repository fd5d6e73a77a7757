using Xunit;
using Xunit.Sdk;

namespace Pipeline.Tests.Contracts;

/// <summary>A deviation is asserted to be one.</summary>
public sealed class DeviationTests
{
    private static readonly Deviation s_deviation = new("Does otherwise", "https://docs.aws.amazon.com/");

    [Fact]
    public Task An_implementation_that_is_not_listed_is_held_to_the_law() => Assert.ThrowsAnyAsync<XunitException>(
        () => s_deviation.CheckAsync([], Broken));

    [Fact]
    public Task A_listed_one_may_break_it() => s_deviation.CheckAsync([s_deviation], Broken);

    [Fact]
    public async Task A_listed_one_that_keeps_it_is_to_be_taken_off_the_list()
    {
        var told = await Assert.ThrowsAnyAsync<XunitException>(
            () => s_deviation.CheckAsync([s_deviation], () => Task.CompletedTask));
        Assert.Contains("'Does otherwise'", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_nobody_has_seen_may_be_so_or_not()
    {
        Deviation[] unseen = [s_deviation with { IsObserved = false }];
        await s_deviation.CheckAsync(unseen, Broken);
        await s_deviation.CheckAsync(unseen, () => Task.CompletedTask);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => s_deviation.CheckAsync(unseen, () => throw new InvalidOperationException()));
    }

    [Fact]
    public Task A_defect_is_no_deviation() => Assert.ThrowsAsync<InvalidOperationException>(
        () => s_deviation.CheckAsync([s_deviation], () => throw new InvalidOperationException()));

    [Fact]
    public void Every_deviation_names_a_page_of_AWS() => Assert.All(
        [.. Deviations.OfFauxqs, .. Deviations.OfKinesisLocal],
        deviation => Assert.StartsWith("https://docs.aws.amazon.com/", deviation.Page, StringComparison.Ordinal));

    private static async Task Broken() => Assert.Fail("broken");
}
