using Pipeline.Core;
using Pipeline.Functions.Pump;
using Xunit;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Functions;

public class StreamOutputsTests
{
    [Fact]
    public void Once_it_is_warm_an_event_costs_no_allocation()
    {
        var bench = new PumpBench();
        var outputs = new StreamOutputs("output", new Slots(128), bench.Ports, bench.Scheduler.Clock);
        var record = new Record(
            EventJson.Bytes("1", padding: 400), "key"u8.ToArray(), ValidateBench.At, DateTimeOffset.UnixEpoch);
        Event.Read(record, new EventErrors(), out var @event);
        AddMany(outputs, @event);

        var before = GC.GetAllocatedBytesForCurrentThread();
        AddMany(outputs, @event);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1000, outputs.CountBefore(1000));
        Assert.Equal(1000L * record.Data.Length, outputs.Bytes);
    }

    private static void AddMany(StreamOutputs outputs, in Event @event)
    {
        outputs.Clear();
        for (var record = 0; record < 1000; record++)
        {
            outputs.Add(record, Outcome.Emit(@event));
        }
    }
}
