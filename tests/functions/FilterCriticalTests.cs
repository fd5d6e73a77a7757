using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Functions;

public class FilterCriticalTests
{
    private const string Rules =
        """
        {"critical":[
          {"name":"severe","match":{"severitynumber":[{"numeric":[">=",17]}]}},
          {"name":"slow","match":{"type":["http.request"],"data":{"latencyMs":[{"numeric":[">",1000]}]}}}]}
        """;

    [Theory]
    [InlineData("app.error", "{}", 17, true)]
    [InlineData("app.error", "{}", 16, false)]
    [InlineData("app.error", "{}", null, false)]
    [InlineData("http.request", """{"latencyMs":1000.5}""", null, true)]
    [InlineData("http.request", """{"latencyMs":1000}""", null, false)]
    [InlineData("other", """{"latencyMs":2000}""", null, false)]
    [InlineData("http.request", """{"latencyMs":2000}""", 24, true)]
    public void An_event_is_kept_when_any_pattern_matches_and_dropped_otherwise(
        string type, string data, int? severity, bool isKept)
    {
        var line = RouteBench.Line(type, data, severity);

        var outcome = RouteBench.Apply(RouteBench.Filter(Rules), line);

        Assert.Equal(isKept ? OutcomeKind.Emit : OutcomeKind.Drop, outcome.Kind);
        Assert.Equal(DropReason.NotCritical, outcome.DropReason);
        if (isKept)
        {
            Assert.Equal(line, ValidateBench.Written(outcome));
        }
    }

    [Fact]
    public void Without_rules_nothing_is_critical() => Assert.Equal(
        OutcomeKind.Drop,
        RouteBench.Apply(RouteBench.Filter("""{"critical":[]}"""), RouteBench.Line("app.error", "{}", 24)).Kind);

    [Fact]
    public void One_event_leaves_no_trace_for_the_next()
    {
        var filter = RouteBench.Filter(Rules);

        var kinds = new[] { 17, 1, 24, 2 }.Select(
            severity => RouteBench.Apply(filter, RouteBench.Line("app.error", "{}", severity)).Kind);

        Assert.Equal([OutcomeKind.Emit, OutcomeKind.Drop, OutcomeKind.Emit, OutcomeKind.Drop], kinds);
    }

    [Fact]
    public void Nothing_is_allocated_per_event()
    {
        var filter = RouteBench.Filter(Rules);
        var line = System.Text.Encoding.UTF8.GetBytes(RouteBench.Line("http.request", """{"latencyMs":5}""", 3));
        var record = new Pipeline.Core.Record(line, "key"u8.ToArray(), ValidateBench.At, RouteBench.Arrival);
        Event.Read(record, new EventErrors(), out var @event);
        filter.Apply(@event);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            filter.Apply(@event);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
