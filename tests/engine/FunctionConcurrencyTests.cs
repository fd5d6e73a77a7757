using System.Text;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>How many invocations run at a time, and what becomes of one too many.</summary>
public sealed class FunctionConcurrencyTests
{
    private static readonly BedOptions s_defaults = new();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Rule", "functions.reserved")]
    [Trait("Rule", "functions.throttle")]
    public void Reserved_concurrency_bounds_the_invocations_of_a_function(int reserved)
    {
        using var bed = Slow(s_defaults with { ReservedConcurrency = reserved });
        var results = Invoke(bed, 5);
        var throttled = results.Where(result => !result.Succeeded).ToList();
        Assert.Equal(5 - reserved, throttled.Count);
        Assert.All(throttled, result => Assert.Equal(
            (true, "TooManyRequestsException", """
                {"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}
                """),
            (result.WasThrottled, result.ErrorType, Encoding.UTF8.GetString(result.Response.Span))));
        var counters = bed.Engine.Functions[0].Counters;
        Assert.Equal(
            (reserved, 5 - reserved, reserved, 0),
            (counters.Invocations, counters.Throttles, counters.ConcurrencyMost, counters.Errors));
    }

    [Fact]
    [Trait("Rule", "functions.reserved")]
    public void A_function_that_reserves_none_is_switched_off()
    {
        using var bed = new Bed(s_defaults with { ReservedConcurrency = 0 });
        Assert.All(Invoke(bed, 3), result => Assert.True(result.WasThrottled));
        Assert.Empty(bed.Invocations);
    }

    [Fact]
    [Trait("Rule", "functions.account")]
    public void The_account_bounds_all_functions_that_reserve_nothing()
    {
        using var bed = Slow(s_defaults with { Settings = s_defaults.Settings with { AccountConcurrency = 2 } });
        var results = Invoke(bed, 5);
        Assert.Equal([true, true, true, false, false], results.Select(result => result.WasThrottled));
        Assert.Contains(
            "\"ConcurrentInvocationLimitExceeded\"", Encoding.UTF8.GetString(results[0].Response.Span),
            StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "functions.account")]
    public void The_account_of_a_new_engine_has_a_thousand()
    {
        using var bed = Slow(s_defaults);
        Assert.Equal(1, Invoke(bed, 1001).Count(result => result.WasThrottled));
    }

    [Theory]
    [InlineData("answers")]
    [InlineData("throws")]
    [InlineData("hangs")]
    [Trait("Rule", "functions.place")]
    public void A_place_is_free_again_when_its_invocation_is_over_however_it_ended(string way)
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(way == "hangs" ? 100 : 5), invocation.Time);
                return way == "throws" ? throw new InvalidOperationException("broken") : Bed.Success;
            },
            s_defaults with { ReservedConcurrency = 1, TimeoutSeconds = 10 });
        var throttled = new List<bool>();
        foreach (var second in new[] { 0, 4, 11, 13, 22 })
        {
            bed.At(second, () => bed.Engine.Scheduler.Start(async () => throttled.Add(
                (await bed.Engine.Functions[0].InvokeAsync("""{"Records":[]}"""u8.ToArray(), 0)).WasThrottled)));
        }
        bed.Engine.Scheduler.RunUntilIdle();
        Assert.Equal(2, throttled.Count(isThrottled => isThrottled));
        Assert.Equal([0, 11, 22], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
    }

    [Fact]
    [Trait("Rule", "functions.account")]
    public void Who_reserves_neither_takes_from_the_others_nor_gives_to_them()
    {
        var (a, b, c) = (Function("A", 3), Function("B", null), Function("C", null));
        var account = new AccountConcurrency([a, b, c], 105);
        Assert.Equal(3, Fill(account.PoolOf(a)));
        Assert.Equal(102, Fill(account.PoolOf(b)));
        Assert.Equal(0, Fill(account.PoolOf(c)));
        account.PoolOf(a).Leave();
        Assert.Equal(0, Fill(account.PoolOf(c)));
        account.PoolOf(b).Leave();
        Assert.Equal(1, Fill(account.PoolOf(c)));
    }

    [Theory]
    [InlineData(900, 1000, true)]
    [InlineData(901, 1000, false)]
    [InlineData(1, 10, false)]
    [InlineData(0, 10, true)]
    [Trait("Rule", "functions.unreserved")]
    public void A_hundred_of_the_account_stay_unreserved(int reserved, int most, bool allowed)
    {
        FunctionModel[] functions = [Function("A", reserved / 2), Function("B", reserved - (reserved / 2))];
        if (allowed)
        {
            Assert.Equal(reserved - (reserved / 2), Fill(new AccountConcurrency(functions, most).PoolOf(functions[1])));
            return;
        }
        var error = Assert.Throws<ConfigurationException>(() => new AccountConcurrency(functions, most));
        Assert.Contains($"reserve a concurrency of {reserved}; of the account's {most}, 100 must stay unreserved",
            error.Message, StringComparison.Ordinal);
    }

    private static int Fill(ConcurrencyPool pool)
    {
        var taken = 0;
        while (pool.TryEnter())
        {
            taken++;
        }
        return taken;
    }

    private static FunctionModel Function(string id, int? reserved) => new(
        id, id, $"arn:aws:lambda:us-east-1:123456789012:function:{id}", id, TimeSpan.FromSeconds(3), 128,
        new Dictionary<string, string>(), reserved);

    private static Bed Slow(BedOptions options) => new(
        async invocation =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), invocation.Time);
            return Bed.Success;
        },
        options);

    private static List<InvocationResult> Invoke(Bed bed, int times)
    {
        var results = new List<InvocationResult>();
        for (var i = 0; i < times; i++)
        {
            bed.Engine.Scheduler.Start(async () => results.Add(
                await bed.Engine.Functions[0].InvokeAsync("""{"Records":[]}"""u8.ToArray(), 0)));
        }
        bed.Engine.Scheduler.RunUntilIdle();
        return results;
    }
}
