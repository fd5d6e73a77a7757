using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Streams;
using Pipeline.Functions.Pump;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>A function runs as on Lambda: in reused instances, for so long; effects end with the invocation.</summary>
public sealed class FunctionHostTests
{
    private const string OneRetry = "\"MaximumRetryAttempts\": 1";

    [Fact]
    [Trait("Rule", "functions.timeout")]
    public void A_timeout_kills_the_invocation_and_what_it_did_before_stands()
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Store(invocation, "before");
                await Task.Delay(TimeSpan.FromSeconds(11), invocation.Time);
                await Store(invocation, "after");
                return Bed.Success;
            },
            new BedOptions { TimeoutSeconds = 10, Mapping = OneRetry });
        bed.Put("a");
        bed.Run();

        Assert.Equal(2, bed.Objects("before").Count);
        Assert.Empty(bed.Objects("after"));
        // Killed at 10 s, tried again a second later, killed again.
        Assert.Equal([0, 11], bed.Invocations.Select(invocation => invocation.At.TotalSeconds));
        var document = JsonDocument.Parse(Assert.Single(bed.Objects("aws/lambda/")).Value).RootElement;
        Assert.Equal("Unhandled", document.GetProperty("responseContext").GetProperty("functionError").GetString());
    }

    [Fact]
    [Trait("Rule", "functions.timeout")]
    public void A_killed_invocation_never_hears_of_a_call_again()
    {
        var heard = 0;
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(11), invocation.Time);
                await Store(invocation, "x");
                heard++;
                return Bed.Success;
            },
            new BedOptions { TimeoutSeconds = 10, Mapping = OneRetry });
        bed.Put("a");
        bed.Run();
        Assert.Equal(0, heard);
    }

    [Fact]
    public void An_invocation_takes_its_base_and_so_much_for_each_record_before_its_effects_show()
    {
        var settings = new EngineSettings
        {
            CreationTimes = new Dictionary<string, TimeSpan>(),
            InvocationBase = TimeSpan.FromMilliseconds(100),
            InvocationPerRecord = TimeSpan.FromMilliseconds(20),
        };
        var effects = new List<double>();
        using var bed = new Bed(
            async invocation =>
            {
                await Store(invocation, "x");
                effects.Add(invocation.Time.GetElapsedTime(Bed.Start.UtcTicks).TotalMilliseconds);
                return Bed.Success;
            },
            new BedOptions { Settings = settings, Mapping = "\"BatchSize\": 10" });
        for (var i = 0; i < 14; i++)
        {
            bed.Put("a");
        }
        bed.Run();
        // 100 + 10 x 20, then the rest of the same poll: 100 + 4 x 20.
        Assert.Equal([300, 480], effects);
        Assert.Equal([0, 300], bed.Invocations.Select(invocation => invocation.At.TotalMilliseconds));
        Assert.Equal(TimeSpan.FromMilliseconds(480), bed.Now);
    }

    [Fact]
    public void An_invocation_whose_computing_takes_longer_than_its_timeout_has_no_effect()
    {
        var settings = new EngineSettings
        {
            CreationTimes = new Dictionary<string, TimeSpan>(),
            InvocationPerRecord = TimeSpan.FromSeconds(3),
        };
        using var bed = new Bed(
            async invocation =>
            {
                await Store(invocation, "x");
                return Bed.Success;
            },
            new BedOptions { Settings = settings, TimeoutSeconds = 10, Mapping = OneRetry });
        for (var i = 0; i < 4; i++)
        {
            bed.Put("a");
        }
        bed.Run();
        Assert.Empty(bed.Objects("x"));
        Assert.Single(bed.Objects("aws/lambda/"));
    }

    [Fact]
    [Trait("Rule", "functions.instances")]
    public void An_instance_is_reused_and_one_that_was_killed_is_not()
    {
        var slow = 2;
        using var bed = new Bed(
            async invocation =>
            {
                if (slow-- == 0)
                {
                    await Task.Delay(TimeSpan.FromSeconds(11), invocation.Time);
                }
                return Bed.Success;
            },
            new BedOptions { TimeoutSeconds = 10, Mapping = "\"BatchSize\": 1" });
        for (var i = 0; i < 5; i++)
        {
            bed.Put("a");
        }
        bed.Run();
        Assert.Equal([0, 0, 0, 1, 1, 1], bed.Invocations.Select(invocation => invocation.Instance));
    }

    [Fact]
    [Trait("Rule", "functions.instances")]
    public void An_instance_that_threw_is_reused_as_the_runtime_does()
    {
        using var bed = new Bed(_ => throw new InvalidOperationException("x"), new BedOptions { Mapping = OneRetry });
        bed.Put("a");
        bed.Run();
        Assert.Equal([0, 0], bed.Invocations.Select(invocation => invocation.Instance));
    }

    [Fact]
    [Trait("Rule", "functions.instances")]
    public void Invocations_side_by_side_have_instances_of_their_own()
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Task.Delay(TimeSpan.FromSeconds(5), invocation.Time);
                return Bed.Success;
            },
            new BedOptions { Shards = 2 });
        bed.Put("a", "key", "0");
        bed.Put("b", "key", UInt128.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
        bed.Run();
        Assert.Equal([0, 1], bed.Invocations.Select(invocation => invocation.Instance).Order());
    }

    [Theory]
    [InlineData(Crash.BeforeFlush, 1)]
    [InlineData(Crash.DuringFlush, 2)]
    [InlineData(Crash.BeforeReport, 2)]
    public void A_crash_leaves_what_took_effect_before_it(Crash crash, int stored)
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Store(invocation, "x");
                return Bed.Success;
            },
            new BedOptions { Faults = new CrashesOnce(crash) });
        bed.Put("a");
        bed.Run();
        Assert.Equal(2, bed.Invocations.Count);
        Assert.Equal([0, 1], bed.Invocations.Select(invocation => invocation.Instance));
        Assert.Equal(stored, bed.Objects("x").Count);
    }

    [Theory]
    [InlineData(RequestFault.Lost, 1)]
    [InlineData(RequestFault.AnswerLost, 2)]
    public void A_request_that_fails_may_or_may_not_have_taken_effect(RequestFault fault, int stored)
    {
        using var bed = new Bed(
            async invocation =>
            {
                await Store(invocation, "x");
                return Bed.Success;
            },
            new BedOptions { Faults = new FailsOnce(fault) });
        bed.Put("a");
        bed.Run();
        Assert.Equal(2, bed.Invocations.Count);
        Assert.Equal(stored, bed.Objects("x").Count);
    }

    [Fact]
    [Trait("Rule", "functions.environment")]
    public void The_environment_is_the_template_s_and_the_platform_s_and_nothing_else()
    {
        using var bed = new Bed();
        bed.Put("a");
        bed.Run();
        Assert.Equal(
            new SortedDictionary<string, string>
            {
                ["AWS_LAMBDA_FUNCTION_NAME"] = "Validate",
                ["COLOUR"] = "green",
                ["LAMBDA_TASK_ROOT"] = "/task",
                ["OUTPUT_STREAM"] = bed.Engine.Raw.Name,
                ["_HANDLER"] = "Validate",
            },
            new SortedDictionary<string, string>(bed.Invocations[0].Environment.ToDictionary()));
    }

    [Fact]
    [Trait("Rule", "functions.request-id")]
    public void Every_invocation_has_a_request_id_of_its_own()
    {
        using var bed = new Bed(new BedOptions { Mapping = "\"BatchSize\": 1" });
        for (var i = 0; i < 20; i++)
        {
            bed.Put("a");
        }
        bed.Run();
        var ids = bed.Invocations.Select(invocation => Guid.Parse(invocation.Context.AwsRequestId));
        Assert.Equal(20, ids.Distinct().Count());
    }

    [Fact]
    [Trait("Rule", "functions.deadline")]
    public void The_deadline_is_told_in_whole_milliseconds()
    {
        var now = default(DateTimeOffset);
        using var bed = new Bed(
            async invocation =>
            {
                now = InvocationTime.Start(invocation.Context, TimeSpan.FromSeconds(10), invocation.Time).Now;
                return Bed.Success;
            },
            new BedOptions { TimeoutSeconds = 10 });
        bed.At(0.002, () => bed.Engine.Scheduler.Jump(TimeSpan.FromMicroseconds(700)));
        bed.At(0.002, () => bed.Put("a"));
        bed.Run();
        Assert.Equal(Bed.Start + TimeSpan.FromMilliseconds(2), now);
    }

    [Fact]
    public void A_stream_that_is_not_there_is_a_fault()
    {
        ServiceException? fault = null;
        using var bed = new Bed(async invocation =>
        {
            var streams = invocation.Ports.Streams;
            fault = await Assert.ThrowsAsync<ServiceException>(async () => await streams.PutRecordsAsync(
                "nowhere", [new PutEntry(new byte[1], "k", null)], CancellationToken.None));
            return Bed.Success;
        });
        bed.Put("a");
        bed.Run();
        Assert.Equal("ResourceNotFoundException: there is no stream 'nowhere'.", fault?.Message);
    }

    /// <summary>Stores an object named after the invocation.</summary>
    private static async Task Store(Invocation invocation, string name) => await invocation.Ports.Bucket.PutAsync(
        $"{name}-{invocation.Context.AwsRequestId}", "x"u8.ToArray(), WriteCondition.Always,
        CancellationToken.None);

    private sealed class Dies : Faults
    {
        public override Crash OnInvocation(string function) => Crash.BeforeReport;
    }

    private sealed class CrashesOnce(Crash crash) : Faults
    {
        private bool _done;

        public override Crash OnInvocation(string function) => _done || !(_done = true) ? Crash.None : crash;
    }

    private sealed class FailsOnce(RequestFault fault) : Faults
    {
        private bool _done;

        public override RequestFault OnRequest(string function) => _done || !(_done = true) ? RequestFault.None : fault;
    }
}
