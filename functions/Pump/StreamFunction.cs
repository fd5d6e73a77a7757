using Amazon.Lambda.KinesisEvents;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>A filter on a stream as a function: the pump around the filter, the serializer around the pump.</summary>
public static class StreamFunction
{
    /// <summary>Builds the function.</summary>
    public static LambdaFunction Create(
        PumpOptions options, IRecordFilter filter, IOutputs outputs, Ports ports, TimeProvider time)
    {
        var pump = new StreamPump(options, filter, outputs, ports, time);
        return LambdaFunction.Create<RecordBatch, StreamsEventResponse>(
            options.Function, pump.HandleAsync, new RecordBatchSerializer());
    }
}
