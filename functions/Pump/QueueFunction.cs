using System.Text.Json.Serialization;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>A handler of messages as a function: the pump around the handler, the serializer around the pump.</summary>
public static class QueueFunction
{
    /// <summary>Builds the function.</summary>
    public static LambdaFunction Create(
        QueuePumpOptions options, IMessageHandler handler, Ports ports, TimeProvider time)
    {
        var pump = new QueuePump(options, handler, ports, time);
        return LambdaFunction.Create<SQSEvent, SQSBatchResponse>(
            options.Function, pump.HandleAsync, new SourceGeneratorLambdaJsonSerializer<QueueJson>());
    }
}

/// <summary>The payloads and answers of queue functions, read and written by generated code.</summary>
[JsonSerializable(typeof(SQSEvent))]
[JsonSerializable(typeof(SQSBatchResponse))]
public sealed partial class QueueJson : JsonSerializerContext;
