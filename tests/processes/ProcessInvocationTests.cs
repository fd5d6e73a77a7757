using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;
using Pipeline.Engine.Functions;
using Pipeline.Tests.Engine;
using Xunit;

namespace Pipeline.Tests.Processes;

/// <summary>A function in a process of its own is invoked as one in this process, and as Lambda does it.</summary>
public sealed class ProcessInvocationTests
{
    private const string OneRetry = "\"MaximumRetryAttempts\": 1";

    [Fact]
    [Trait("Rule", "functions.environment")]
    public void A_process_gets_the_template_s_and_the_platform_s_variables_and_nothing_of_ours()
    {
        using var bed = Probe.Bed("tell told");
        bed.Put("a");
        bed.Run();
        var told = JsonDocument.Parse(bed.Objects("told")["told"]).RootElement;
        var variables = told.GetProperty("environment").EnumerateObject()
            .ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);
        Assert.Equal(
            [
                "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
                "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API", "AWS_REGION",
                "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "BUCKET", "COLOUR", "LAMBDA_TASK_ROOT", "LANG",
                "OUTPUT_STREAM", "PATH", "PROBE", "PROBE_INIT", "TZ", "_HANDLER",
            ],
            variables.Keys.Where(name => name != "SystemRoot").Order(StringComparer.Ordinal));
        Assert.Equal(
            ("green", "Validate", "us-east-1", "128"),
            (variables["COLOUR"], variables["_HANDLER"], variables["AWS_REGION"],
                variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]));
        Assert.Equal(
            AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar),
            told.GetProperty("folder").GetString()!.TrimEnd(Path.DirectorySeparatorChar));
    }

    [Fact]
    [Trait("Rule", "functions.runtime-api")]
    [Trait("Rule", "functions.deadline")]
    public void An_invocation_comes_with_its_id_deadline_ARN_and_trace_by_the_engine_s_clock()
    {
        using var bed = Probe.Bed("tell told", new BedOptions { TimeoutSeconds = 30 });
        bed.At(2, () => bed.Put("a"));
        bed.Run();
        var headers = JsonDocument.Parse(bed.Objects("told")["told"]).RootElement.GetProperty("headers");
        string Header(string name) => headers.GetProperty(name).GetString()!;
        Assert.NotEqual(Guid.Empty, Guid.Parse(Header("Lambda-Runtime-Aws-Request-Id")));
        Assert.Equal(
            (Bed.Start + TimeSpan.FromSeconds(32)).ToUnixTimeMilliseconds(),
            long.Parse(Header("Lambda-Runtime-Deadline-Ms"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(
            bed.Engine.Stack.Functions[0].Arn, Header("Lambda-Runtime-Invoked-Function-Arn"));
        Assert.Matches(
            "^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$", Header("Lambda-Runtime-Trace-Id"));
    }

    [Fact]
    public void An_invocation_that_does_not_wait_takes_the_same_virtual_time_as_in_process()
    {
        var settings = new EngineSettings
        {
            CreationTimes = new Dictionary<string, TimeSpan>(),
            InvocationBase = TimeSpan.FromMilliseconds(100),
            InvocationPerRecord = TimeSpan.FromMilliseconds(20),
        };
        // It sleeps of its own accord; nothing made it, so nothing moves meanwhile.
        using var bed = Probe.Bed(
            "put before; sleep 50; put after",
            new BedOptions { Settings = settings, Mapping = "\"BatchSize\": 10" });
        for (var i = 0; i < 14; i++)
        {
            bed.Put("a");
        }
        bed.Run();
        Assert.Equal(TimeSpan.FromMilliseconds(480), bed.Now);
        Assert.Equal((2, 2), (bed.Objects("before").Count, bed.Objects("after").Count));
    }

    [Fact]
    [Trait("Rule", "functions.instances")]
    public void A_process_is_reused_and_one_that_died_is_not()
    {
        var started = new List<int>();
        using var bed = Probe.Bed(
            "unless died; mark died; exit 3",
            new BedOptions
            {
                Mapping = "\"BatchSize\": 1",
                Isolation = Probe.Isolation() with { Started = (_, process) => started.Add(process) },
            });
        for (var i = 0; i < 4; i++)
        {
            bed.Put("a");
        }
        bed.Run();
        var counters = Counters(bed);
        Assert.Equal((5, 1), (counters.Invocations, counters.Errors));
        Assert.Equal(2, started.Count);
        Assert.False(SystemProcess.IsAlive(started[0]));
    }

    [Theory]
    [Trait("Rule", "functions.exit")]
    [InlineData("exit 3", "Runtime.ExitError", "Runtime exited with error: exit status 3")]
    [InlineData("exit 0", "Runtime.ExitError", "Runtime exited without providing a reason")]
    [InlineData("fail it broke", "Broken", "it broke")]
    [InlineData("rubbish", "Runtime.Rubbish", "no JSON")]
    public void How_an_invocation_ended_is_told_in_the_error_s_document(string steps, string type, string message)
    {
        using var bed = Probe.Bed(steps);
        var result = Invoke(bed, "{}"u8.ToArray());
        var document = JsonDocument.Parse(result.Response).RootElement;
        Assert.Equal(type, result.ErrorType);
        Assert.Equal(type, document.GetProperty("errorType").GetString());
        Assert.Equal(message, document.GetProperty("errorMessage").GetString());
        Assert.Equal((1, 1), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Theory]
    [InlineData(Limits.PayloadBytesMax, null, "The answer was taken with 202.")]
    [InlineData(Limits.PayloadBytesMax + 1, "Function.ResponseSizeTooLarge", "The answer was taken with 413.")]
    [Trait("Rule", "functions.response-size")]
    public void Payloads_of_six_megabytes_go_both_ways_and_a_larger_response_is_an_error(
        int bytes, string? error, string said)
    {
        var payload = new byte[Limits.PayloadBytesMax];
        payload.AsSpan().Fill((byte)' ');
        "{}"u8.CopyTo(payload);
        using var bed = Probe.Bed($"tell told; answer {bytes}");
        var result = Invoke(bed, payload);
        Assert.Equal(error, result.ErrorType);
        Assert.Equal(
            Limits.PayloadBytesMax,
            JsonDocument.Parse(bed.Objects("told")["told"]).RootElement.GetProperty("payloadBytes").GetInt32());
        // The process goes on, also after an answer that was not taken.
        Assert.Equal(error, Invoke(bed, payload).ErrorType);
        bed.Engine.StopFunctions();
        Assert.Contains(said, Counters(bed).Sentences);
    }

    [Fact]
    [Trait("Rule", "functions.timeout")]
    public void A_process_that_is_silent_for_its_timeout_is_killed_and_its_end_is_told_at_its_deadline()
    {
        var started = new List<int>();
        using var bed = Probe.Bed(
            "put before; hang",
            new BedOptions
            {
                TimeoutSeconds = 5,
                Mapping = OneRetry,
                Isolation = Probe.Isolation() with { Started = (_, process) => started.Add(process) },
            });
        bed.Put("a");
        bed.Run();
        Assert.Equal(2, bed.Objects("before").Count);
        Assert.Equal((2, 2), (Counters(bed).Invocations, Counters(bed).Errors));
        Assert.Equal(2, started.Count);
        Assert.All(started, process => Assert.False(SystemProcess.IsAlive(process)));
        // Killed at 5 s, tried again a second later, killed again.
        Assert.Equal(TimeSpan.FromSeconds(11), bed.Now);
        Assert.Single(bed.Objects("aws/lambda/"));
    }

    [Fact]
    public void A_function_that_waits_because_it_was_throttled_waits_by_real_time_until_there_is_room()
    {
        using var bed = Probe.Bed("unless done; mark done; fill 3");
        bed.Put("a");
        bed.Run();
        // Three records of 1 MB, of which the shard takes a mebibyte at once and one a second.
        Assert.True(bed.Now >= TimeSpan.FromSeconds(1.8), $"{bed.Now}");
        Assert.Equal(4, bed.Engine.Raw.Shards[0].Log.End - bed.Engine.Raw.Shards[0].Log.TrimHorizon.Next);
        Assert.Equal(0, Counters(bed).Errors);
    }

    [Fact]
    [Trait("Rule", "functions.timeout")]
    public void A_function_that_waits_beyond_its_timeout_is_killed()
    {
        using var bed = Probe.Bed(
            "unless done; mark done; fill 4; hang", new BedOptions { TimeoutSeconds = 10, Mapping = OneRetry });
        bed.Put("a");
        bed.Run();
        // Its own records come as batches too; the first batch is tried again, and finds the mark.
        Assert.Equal(1, Counters(bed).Errors);
        Assert.Single(bed.Objects("done"));
    }

    [Theory]
    [InlineData(Crash.BeforeFlush, 1)]
    [InlineData(Crash.DuringFlush, 2)]
    [InlineData(Crash.BeforeReport, 2)]
    public void A_crash_kills_the_process_and_leaves_what_took_effect_before_it(Crash crash, int stored)
    {
        var started = new List<int>();
        using var bed = Probe.Bed(
            "put x",
            new BedOptions
            {
                Faults = new CrashesOnce(crash),
                Isolation = Probe.Isolation() with { Started = (_, process) => started.Add(process) },
            });
        bed.Put("a");
        bed.Run();
        Assert.Equal(2, started.Count);
        Assert.False(SystemProcess.IsAlive(started[0]));
        Assert.Equal(stored, bed.Objects("x").Count);
        Assert.Equal((2, 1), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Theory]
    [Trait("Rule", "functions.exit")]
    [InlineData("before the payload", 1, false)]
    [InlineData("at a call", 2, true)]
    public void A_process_that_someone_kills_in_the_middle_of_a_batch_is_replaced_and_the_batch_comes_again(
        string when, int stored, bool isAtCall)
    {
        var processes = new List<int>();
        using var bed = Probe.Bed(
            "put x",
            new BedOptions
            {
                Faults = new KillsOnce(processes, isAtCall),
                Isolation = Probe.Isolation() with { Started = (_, process) => processes.Add(process) },
            });
        bed.Put("a");
        bed.Run();
        Assert.Equal(2, processes.Count);
        Assert.True(stored == bed.Objects("x").Count, when);
        Assert.Equal((2, 1), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Fact]
    public void What_a_process_writes_is_counted_or_told_and_rubbish_does_no_harm()
    {
        using var bed = Probe.Bed(
            """print {"Records":3,"Emitted":2}; print plain words; garbage""");
        bed.Put("a");
        bed.Run();
        bed.Engine.StopFunctions();
        Assert.Equal((3, 2), (Counters(bed).Records, Counters(bed).Emitted));
        Assert.Contains("plain words", Counters(bed).Sentences);
        Assert.Equal((1, 0), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Fact]
    [Trait("Rule", "functions.runtime-api")]
    public void An_answer_to_another_invocation_and_a_poll_out_of_turn_are_refused_and_end_nothing()
    {
        using var bed = Probe.Bed("stray; greedy");
        bed.Put("a");
        bed.Run();
        Assert.Single(bed.Objects("stray-400"));
        Assert.Single(bed.Objects("greedy-403"));
        Assert.Equal((1, 0), (Counters(bed).Invocations, Counters(bed).Errors));
    }

    [Fact]
    public void A_call_outside_an_invocation_is_refused()
    {
        using var bed = Probe.Bed("put x", init: "put");
        bed.Put("a");
        bed.Run();
        Assert.Empty(bed.Objects("before-any-invocation"));
        Assert.Single(bed.Objects("x"));
    }

    [Fact]
    public void Invocations_side_by_side_have_processes_of_their_own()
    {
        var started = 0;
        using var bed = Probe.Bed(
            "put x",
            new BedOptions
            {
                Shards = 2,
                Isolation = Probe.Isolation() with { Started = (_, _) => started++ },
            });
        bed.Put("a", "key", "0");
        bed.Put("b", "key", UInt128.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture));
        bed.Run();
        Assert.Equal((2, 2), (started, bed.Objects("x").Count));
    }

    /// <summary>Invokes the function once; the result when nothing is left to do.</summary>
    private static InvocationResult Invoke(Bed bed, ReadOnlyMemory<byte> payload)
    {
        InvocationResult? result = null;
        bed.Engine.Scheduler.Start(async () => result = await bed.Engine.Functions[0].InvokeAsync(payload, 1));
        bed.Engine.Scheduler.RunUntilIdle();
        return result!.Value;
    }

    private static FunctionCounters Counters(Bed bed) => bed.Engine.Functions[0].Counters;

    private sealed class CrashesOnce(Crash crash) : Faults
    {
        private bool _done;

        public override Crash OnInvocation(string function) => _done || !(_done = true) ? Crash.None : crash;
    }

    /// <summary>Kills the first process as anybody on the machine might.</summary>
    private sealed class KillsOnce(List<int> processes, bool isAtCall) : Faults
    {
        private bool _done;

        public override Crash OnInvocation(string function)
        {
            Kill(!isAtCall);
            return Crash.None;
        }

        public override RequestFault OnRequest(string function)
        {
            Kill(isAtCall);
            return RequestFault.None;
        }

        private void Kill(bool now)
        {
            if (now && !_done)
            {
                _done = true;
                using var process = System.Diagnostics.Process.GetProcessById(processes[0]);
                process.Kill();
                process.WaitForExit();
            }
        }
    }
}
