using System.Runtime.InteropServices;
using Pipeline.Core;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;
using Pipeline.Functions;

namespace Pipeline.Engine.Functions;

/// <summary>Instances in the engine's own process, on its thread and clock.</summary>
internal sealed class InProcessInstances(World world, Scheduler scheduler, EngineOptions options) : IInstances
{
    /// <summary>Starts a function once, without a world, to hear of mistakes in its configuration.</summary>
    /// <exception cref="ConfigurationException">The function is unknown, or a setting or file is wrong.</exception>
    public static void Check(FunctionModel model, EngineOptions options)
    {
        var nowhere = new InstancePorts(null!, new FunctionCounters());
        var clock = new Scheduler(DateTimeOffset.UnixEpoch).Clock;
        options.Functions(model.Function)(EnvironmentOf(model, options), nowhere.ToPorts(new Random(0)), clock);
    }

    public IFunctionInstance Create(FunctionModel model, FunctionCounters counters, Random random)
    {
        var ports = new InstancePorts(world, counters);
        var compose = options.Functions(model.Function);
        return new Instance(compose(EnvironmentOf(model, options), ports.ToPorts(random), scheduler.Clock), ports);
    }

    /// <summary>The environment that the template gives, and what the platform adds; nothing of this process.</summary>
    private static Dictionary<string, string> EnvironmentOf(FunctionModel model, EngineOptions options) =>
        new(model.Environment, StringComparer.Ordinal)
        {
            ["LAMBDA_TASK_ROOT"] = options.TaskRoot,
            ["_HANDLER"] = model.Function,
            ["AWS_LAMBDA_FUNCTION_NAME"] = model.LogicalId,
        };

    private sealed class Instance(LambdaFunction function, InstancePorts ports) : IFunctionInstance
    {
        public bool IsAlive => true;

        public StartFailure? StartFailure() => null;

        public async Task<InvocationResult> HandleAsync(
            ReadOnlyMemory<byte> payload, EngineContext context, InvocationGate gate)
        {
            ports.Gate = gate;
            try
            {
                using var request = ToStream(payload);
                return new InvocationResult(
                    await ReadAsync(await function.Handler(request, context)), null, context.AwsRequestId);
            }
#pragma warning disable CA1031 // The runtime reports whatever a handler throws as the invocation's error.
            catch (Exception error)
#pragma warning restore CA1031
            {
                return InvocationResult.Unhandled(error, context.AwsRequestId);
            }
        }

        /// <summary>The gate of its invocation has ended its effects; more there is not to end.</summary>
        public void Dispose()
        {
        }

        private static MemoryStream ToStream(ReadOnlyMemory<byte> payload) =>
            MemoryMarshal.TryGetArray(payload, out var bytes)
                ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
                : new MemoryStream(payload.ToArray(), writable: false);

        private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream response)
        {
            using var copy = new MemoryStream();
            await response.CopyToAsync(copy);
            return copy.ToArray();
        }
    }
}
