using System.Text.Json;
using Amazon.Lambda.SQSEvents;
using Pipeline.Core;
using Pipeline.Engine.Time;
using Pipeline.Functions;
using Pipeline.Functions.Pump;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>What the queue pump tries, reports, counts and says.</summary>
public sealed class QueuePumpTests
{
    private readonly Scheduler _scheduler = new(WorkerBench.Start);
    private readonly FakeOutput _output = new([]);
    private readonly List<string> _tried = [];

    private bool _rethrows;

    [Fact]
    public void Every_message_is_tried_and_those_that_failed_are_reported()
    {
        Assert.Equal(["fail", "fault", "defect"], Deliver("a", "fail", "b", "fault", "drop", "defect", "c"));

        Assert.Equal(["a", "fail", "b", "fault", "drop", "defect", "c"], _tried);
        Assert.Equal(
            (4, 3, 1, 1, 3),
            (_output.Sum("Records"), _output.Sum("Emitted"), _output.Sum("Dropped.expired"),
                _output.SumOf("Dropped."), _output.Sum("Failed")));
    }

    [Fact]
    public void Each_failure_is_one_line_without_what_a_defect_could_quote()
    {
        Deliver("fail", "fault", "defect", "a");

        Assert.Equal(
            [
                "Test: message fail failed. It is no command.",
                "Test: message fault failed. The store throttles.",
                "Test: message defect failed. The handler has a defect: System.InvalidOperationException.",
            ],
            Sentences);
    }

    [Fact]
    public void A_batch_without_failures_reports_none_and_says_nothing_of_failures()
    {
        Assert.Empty(Deliver("a", "b"));
        Assert.Empty(Deliver());

        Assert.Empty(Sentences);
        Assert.All(_output.Lines, line => Assert.DoesNotContain("Failed", line, StringComparison.Ordinal));
        Assert.Equal(2, _output.Lines.Count);
    }

    [Fact]
    public void What_the_time_does_not_suffice_for_is_reported_untried()
    {
        // Of 60 s, 10 s are kept for the report.
        Assert.Equal(["b", "c"], Deliver("slow", "slow", "a", "slow", "b", "c"));

        Assert.Equal(["slow", "slow", "a", "slow"], _tried);
        Assert.Equal((4, 4, 2), (_output.Sum("Records"), _output.Sum("Emitted"), _output.Sum("Failed")));
        Assert.Equal("Test: message b failed. The invocation's time was up before its turn.", Sentences[0]);
    }

    [Fact]
    public void A_defect_ends_the_invocation_only_where_a_test_wants_to_see_it()
    {
        _rethrows = true;

        Assert.Throws<InvalidOperationException>(() => Deliver("a", "defect"));
    }

    [Fact]
    public void A_message_knows_the_time_of_its_invocation_plus_what_has_passed_since()
    {
        Deliver("slow", "now");

        Assert.Contains("now 2026-03-01T12:00:20.000Z", _tried);
    }

    [Theory]
    [InlineData("ExecuteHigh")]
    [InlineData("ExecuteNormal")]
    [InlineData("ExecuteLow")]
    public void A_worker_takes_a_payload_of_the_mapping_and_answers_it(string name)
    {
        var environment = new Dictionary<string, string>
        {
            ["FUNCTION_TIMEOUT_SECONDS"] = "60",
            ["LAMBDA_TASK_ROOT"] = Repository.PathOf("functions"),
        };
        var bench = new PumpBench();
        var function = Catalogue.Find(name)(environment, bench.Ports, bench.Scheduler.Clock);
        Assert.Equal(name, function.Name);
        using var request = new MemoryStream(
            """{"Records":[{"messageId":"m-1","body":"no command","eventSource":"aws:sqs"}]}"""u8.ToArray());
        string? answer = null;
        bench.Scheduler.Start(async () =>
        {
            var context = new FakeContext(bench.Scheduler, TimeSpan.FromSeconds(60));
            using var reader = new StreamReader(await function.Handler(request, context));
            answer = await reader.ReadToEndAsync();
        });
        bench.Scheduler.RunUntilIdle();

        Assert.Equal("""{"batchItemFailures":[{"itemIdentifier":"m-1"}]}""", answer);
        Assert.Contains($"{name}: message m-1 failed. The command is not JSON", bench.Output.Lines[0]);
        Assert.Contains($"\"Function\":\"{name}\"", bench.Output.Lines[1], StringComparison.Ordinal);
        Assert.Contains("{\"Name\":\"Failed\",\"Unit\":\"Count\"}", bench.Output.Lines[1], StringComparison.Ordinal);
    }

    private List<string> Sentences => [.. _output.Lines
        .Where(line => line.StartsWith("{\"message\"", StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!)];

    private string[] Deliver(params string[] bodies)
    {
        var ports = new Ports(
            new FakeStream(_scheduler, []), new FakeQueue(_scheduler, []), new FakeBucket(_scheduler, []), _output,
            new Random(0));
        var options = new QueuePumpOptions("Test", WorkerBench.Timeout) { RethrowDefects = _rethrows };
        var pump = new QueuePump(options, new Handler(_tried, _scheduler), ports, _scheduler.Clock);
        var messages = bodies.Select(body => new SQSEvent.SQSMessage { MessageId = body, Body = body });
        var batch = new SQSEvent { Records = bodies.Length == 0 ? null : [.. messages] };
        SQSBatchResponse? response = null;
        _scheduler.Start(async () =>
            response = await pump.HandleAsync(batch, new FakeContext(_scheduler, WorkerBench.Timeout)));
        _scheduler.RunUntilIdle();
        return [.. response!.BatchItemFailures.Select(failure => failure.ItemIdentifier)];
    }

    private sealed class Handler(List<string> tried, Scheduler scheduler) : IMessageHandler
    {
        public async ValueTask<MessageOutcome> HandleAsync(
            string body, Delivery delivery, CancellationToken cancellation)
        {
            tried.Add(body == "now" ? $"now {Rfc3339.Format(delivery.Now)}" : body);
            await Task.Delay(TimeSpan.FromSeconds(body == "slow" ? 20 : 0), scheduler.Clock, cancellation);
            return body switch
            {
                "fail" => MessageOutcome.Fail("It is no command."),
                "fault" => throw new PortFaultException("The store throttles."),
                "defect" => throw new InvalidOperationException("secret data"),
                "drop" => MessageOutcome.Drop(DropReason.Expired),
                _ => MessageOutcome.Done,
            };
        }
    }
}
