using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>What an answer means for its batch: done, failed whole, or done up to a checkpoint; and retries.</summary>
public sealed class MappingAnswerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"batchItemFailures":null}""")]
    [InlineData("""{"batchItemFailures":[]}""")]
    [InlineData("""{"somethingElse":1}""")]
    [Trait("Rule", "mapping.partial-success")]
    public void Complete_success(string answer)
    {
        using var bed = Deliver(answer);
        Assert.Single(bed.Invocations);
        Assert.Empty(bed.Objects("aws/lambda/"));
    }

    [Theory]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":""}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":null}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifierr":"1"}]}""")]
    [InlineData("""{"batchItemFailures":[{}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":"4711"}]}""")]
    [InlineData("""{"batchItemFailures":[{"itemIdentifier":4711}]}""")]
    [InlineData("""{"batchItemFailures":["4711"]}""")]
    [InlineData("""{"batchItemFailures":"4711"}""")]
    [InlineData("not json")]
    [Trait("Rule", "mapping.partial-failure")]
    public void Complete_failure(string answer)
    {
        using var bed = Deliver(answer);
        // One retry, then the whole batch goes to the destination.
        Assert.Equal([4, 4], bed.Invocations.Select(invocation => invocation.Data.Length));
        Assert.Single(bed.Objects("aws/lambda/"));
    }

    [Fact]
    [Trait("Rule", "mapping.partial-exception")]
    public void An_exception_of_the_function_is_a_complete_failure()
    {
        using var bed = new Bed(
            _ => throw new InvalidOperationException("broken"),
            new BedOptions { Mapping = "\"MaximumRetryAttempts\": 1" });
        PutFour(bed);
        Assert.Equal([4, 4], bed.Invocations.Select(invocation => invocation.Data.Length));
        Assert.Single(bed.Objects("aws/lambda/"));
    }

    [Theory]
    [InlineData(new[] { 1 }, "0123 123")]
    [InlineData(new[] { 3 }, "0123 3")]
    [InlineData(new[] { 0 }, "0123 0123")]
    [InlineData(new[] { 3, 1, 2 }, "0123 123")]
    [InlineData(new[] { 2, 2 }, "0123 23")]
    [InlineData(new[] { 0, 3 }, "0123 0123")]
    [Trait("Rule", "mapping.partial-lowest")]
    public void The_lowest_sequence_number_named_is_the_checkpoint_and_everything_from_it_on_comes_again(
        int[] failed, string expected)
    {
        var first = true;
        using var bed = new Bed(invocation =>
        {
            var answer = first ? Bed.Failed(failed.Select(i => invocation.Sequences[i])) : Bed.Success;
            first = false;
            return Task.FromResult(answer);
        });
        PutFour(bed);
        Assert.Equal(expected, Batches(bed));
    }

    [Fact]
    public void An_identifier_outside_the_batch_spoils_a_partial_answer()
    {
        var first = true;
        using var bed = new Bed(invocation =>
        {
            var answer = first ? Bed.Failed(invocation.Sequences[2], "4711") : Bed.Success;
            first = false;
            return Task.FromResult(answer);
        });
        PutFour(bed);
        Assert.Equal("0123 0123", Batches(bed));
    }

    [Fact]
    [Trait("Rule", "mapping.partial-unlisted")]
    public void An_answer_is_ignored_unless_the_mapping_asks_for_reports()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"FunctionResponseTypes\": []" }, Bed.Failed(""));
        PutFour(bed);
        Assert.Single(bed.Invocations);
        Assert.Empty(bed.Objects("aws/lambda/"));
    }

    [Fact]
    [Trait("Rule", "mapping.bisect-halves")]
    [Trait("Rule", "mapping.bisect-no-quota")]
    public void An_error_with_bisection_cuts_in_the_middle_first_half_first_and_uses_no_retry_up()
    {
        using var bed = new Bed(
            _ => throw new InvalidOperationException("broken"),
            new BedOptions { Mapping = "\"BisectBatchOnFunctionError\": true, \"MaximumRetryAttempts\": 1" });
        PutFour(bed);
        // Down to single records, each of which still has its one retry.
        Assert.Equal("0123 01 0 0 1 1 23 2 2 3 3", Batches(bed));
        Assert.Equal(4, bed.Objects("aws/lambda/").Count);
    }

    [Fact]
    [Trait("Rule", "mapping.bisect-at-checkpoint")]
    public void A_partial_answer_with_bisection_cuts_at_the_sequence_number()
    {
        var answers = new Queue<int>([3, 0]);
        using var bed = new Bed(
            invocation => Task.FromResult(
                answers.TryDequeue(out var index) ? Bed.Failed(invocation.Sequences[index]) : Bed.Success),
            new BedOptions { Mapping = "\"BisectBatchOnFunctionError\": true" });
        PutFour(bed);
        Assert.Equal("0123 3 3", Batches(bed));
    }

    [Fact]
    [Trait("Rule", "mapping.bisect-halves")]
    public void Bisection_isolates_a_poison_record_and_its_neighbours_survive()
    {
        var done = new List<string>();
        using var bed = new Bed(
            invocation =>
            {
                if (invocation.Data.Contains("poison"))
                {
                    throw new InvalidOperationException("poisoned");
                }
                done.AddRange(invocation.Data);
                return Task.FromResult(Bed.Success);
            },
            new BedOptions { Mapping = "\"BisectBatchOnFunctionError\": true, \"MaximumRetryAttempts\": 2" });
        foreach (var i in Enumerable.Range(0, 23))
        {
            bed.Put(i == 9 ? "poison" : $"{i}");
        }
        bed.Run();

        Assert.Equal(Enumerable.Range(0, 23).Where(i => i != 9).Select(i => $"{i}"), done);
        Assert.Contains("cG9pc29u", Assert.Single(bed.Objects("aws/lambda/")).Value, StringComparison.Ordinal);
        Assert.Equal(3, bed.Invocations.Count(invocation => invocation.Data is ["poison"]));
    }

    [Fact]
    [Trait("Rule", "mapping.retry-for-ever")]
    public void Retries_without_a_limit_go_on_until_the_function_recovers()
    {
        using var bed = new Bed(invocation => invocation.At < TimeSpan.FromHours(3)
            ? throw new InvalidOperationException("down")
            : Task.FromResult(Bed.Success));
        PutFour(bed);
        Assert.True(bed.Invocations.Count > 100);
        Assert.Empty(bed.Objects("aws/lambda/"));
        Assert.True(bed.Invocations[^1].At < TimeSpan.FromHours(3) + TimeSpan.FromMinutes(2));
    }

    [Fact]
    [Trait("Rule", "mapping.backoff")]
    public void The_wait_between_attempts_doubles_up_to_its_limit()
    {
        using var bed = new Bed(
            _ => throw new InvalidOperationException("down"),
            new BedOptions { Mapping = "\"MaximumRetryAttempts\": 8" });
        PutFour(bed);
        var at = bed.Invocations.Select(invocation => invocation.At.TotalSeconds).ToList();
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], at.Skip(1).Zip(at, (later, earlier) => later - earlier));
    }

    private static string Batches(Bed bed) =>
        string.Join(' ', bed.Invocations.Select(invocation => string.Concat(invocation.Data)));

    private static Bed Deliver(string answer)
    {
        var bed = new Bed(new BedOptions { Mapping = "\"MaximumRetryAttempts\": 1" }, answer);
        PutFour(bed);
        return bed;
    }

    private static void PutFour(Bed bed)
    {
        for (var i = 0; i < 4; i++)
        {
            bed.Put($"{i}");
        }
        bed.Run();
    }
}
