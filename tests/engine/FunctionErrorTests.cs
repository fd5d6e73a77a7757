using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Functions;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Every way in which an invocation fails, and the document that tells of it.</summary>
public sealed class FunctionErrorTests
{
    private static readonly byte[] s_payload = """{"Records":[]}"""u8.ToArray();

    [Theory]
    [InlineData("hang", """{"errorMessage":"Task timed out after 10.00 seconds","errorType":"Sandbox.Timedout"}""")]
    [InlineData(
        "die",
        """{"errorMessage":"Runtime exited without providing a reason","errorType":"Runtime.ExitError"}""")]
    [Trait("Rule", "functions.timeout")]
    public void An_end_of_the_runtime_is_told_by_the_platform(string way, string expected)
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(way == "hang" ? 20 : 0), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { TimeoutSeconds = 10, Faults = way == "die" ? new Dies() : Faults.None });
        var result = Assert.Single(Invoke(bed, 1));
        Assert.False(result.Succeeded);
        Assert.Equal(expected, Text(result));
        Assert.Equal((1, 1), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Fact]
    [Trait("Rule", "functions.unhandled")]
    public void An_unhandled_exception_comes_as_the_runtime_s_document()
    {
        using var bed = new Bed(_ => throw new InvalidOperationException("say \"no\""));
        var result = Assert.Single(Invoke(bed, 1));
        var document = JsonDocument.Parse(result.Response).RootElement;
        Assert.Equal("InvalidOperationException", result.ErrorType);
        Assert.Equal("say \"no\"", document.GetProperty("errorMessage").GetString());
        Assert.Equal("InvalidOperationException", document.GetProperty("errorType").GetString());
        var trace = document.GetProperty("stackTrace").EnumerateArray().Select(line => line.GetString()!).ToList();
        Assert.Contains(nameof(An_unhandled_exception_comes_as_the_runtime_s_document), trace[0],
            StringComparison.Ordinal);
        Assert.All(trace, line => Assert.DoesNotContain('\n', line));
        Assert.Equal((1, 1), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Theory]
    [InlineData(Limits.PayloadBytesMax, true)]
    [InlineData(Limits.PayloadBytesMax + 1, false)]
    [Trait("Rule", "functions.response-size")]
    public void A_response_of_more_than_six_megabytes_is_an_error(int bytes, bool succeeds)
    {
        using var bed = new Bed(answer: new string(' ', bytes));
        var result = Assert.Single(Invoke(bed, 1));
        Assert.Equal(succeeds, result.Succeeded);
        Assert.Equal(succeeds ? null : "Function.ResponseSizeTooLarge", result.ErrorType);
        if (!succeeds)
        {
            Assert.Equal(
                $$"""
                {"errorMessage":"Response payload size ({{bytes}} bytes) exceeded maximum allowed payload size (6291456 bytes).","errorType":"Function.ResponseSizeTooLarge"}
                """,
                Text(result));
        }
    }

    [Fact]
    [Trait("Rule", "functions.response-size")]
    public void A_batch_whose_response_was_too_large_is_tried_again_and_its_effects_stand()
    {
        var answers = new Queue<string>([new string(' ', Limits.PayloadBytesMax + 1), Bed.Success]);
        using var bed = new Bed(async invocation =>
        {
            await invocation.Ports.Bucket.PutAsync(
                $"x-{invocation.Context.AwsRequestId}", "x"u8.ToArray(), WriteCondition.Always, default);
            return answers.Dequeue();
        });
        bed.Put("a");
        bed.Run();
        Assert.Equal([0, 0], bed.Invocations.Select(invocation => invocation.Instance));
        Assert.Equal(2, bed.Objects("x-").Count);
    }

    [Fact]
    [Trait("Rule", "functions.start")]
    public void An_instance_that_fails_to_start_is_an_error_of_its_invocation_and_no_end_of_the_engine()
    {
        // The first instance is busy, so each of the others wants one of its own; the second start works.
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(5), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { FailsToStart = instance => instance == 1 });
        var results = Invoke(bed, 3);
        Assert.Equal([false, true, true], results.Select(result => result.Succeeded));
        var document = JsonDocument.Parse(results[0].Response).RootElement;
        Assert.Equal("instance 1 does not start", document.GetProperty("errorMessage").GetString());
        Assert.Equal("InvalidOperationException", document.GetProperty("errorType").GetString());
        Assert.Equal((3, 1), (Counters(bed).Invocations, Counters(bed).Errors));
        Assert.Equal([0, 2], bed.Invocations.Select(invocation => invocation.Instance));
    }

    [Fact]
    [Trait("Rule", "functions.start")]
    public void A_batch_whose_instance_fails_to_start_is_tried_again_and_the_attempt_counts()
    {
        // The first instance dies at its timeout; no other ever starts.
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(100), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { FailsToStart = instance => instance > 0, Mapping = "\"MaximumRetryAttempts\": 3" });
        bed.Put("a");
        bed.Run();
        Assert.Single(bed.Invocations);
        Assert.Equal((4, 4), (Counters(bed).Invocations, Counters(bed).Errors));
        Assert.Contains(
            "\"approximateInvokeCount\":4", Assert.Single(bed.Objects("aws/lambda/")).Value, StringComparison.Ordinal);
    }

    /// <summary>Invokes the function so many times at once; the results in the order in which they came.</summary>
    private static List<InvocationResult> Invoke(Bed bed, int times)
    {
        var results = new List<InvocationResult>();
        for (var i = 0; i < times; i++)
        {
            bed.Engine.Scheduler.Start(
                async () => results.Add(await bed.Engine.Functions[0].InvokeAsync(s_payload, 0)));
        }
        bed.Engine.Scheduler.RunUntilIdle();
        return results;
    }

    private static string Text(InvocationResult result) => Encoding.UTF8.GetString(result.Response.Span);

    private static FunctionCounters Counters(Bed bed) => bed.Engine.Functions[0].Counters;

    private sealed class Dies : Faults
    {
        public override Crash OnInvocation(string function) => Crash.BeforeReport;
    }
}
