using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Engine.Streams;
using Pipeline.Functions;

namespace Pipeline.Engine.Simulation;

/// <summary>
/// A hash over every effect of a run in its order, with its virtual time: records taken, objects written, messages
/// sent, invocations and what they answered.
/// </summary>
/// <remarks>The same seed twice gives the same hash, or something is not deterministic.</remarks>
internal sealed class EffectTrace : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MessageDeliveries _deliveries = new();

    /// <summary>How many effects there were.</summary>
    public long Effects { get; private set; }

    /// <summary>How often each message was handed to a function.</summary>
    public MessageDeliveries Deliveries => _deliveries;

    /// <summary>Watches an engine; to be called before it starts.</summary>
    public void Watch(EmbeddedEngine engine)
    {
        foreach (var stream in engine.World.Streams)
        {
            stream.Taken += (shard, counter, data) => AddRecord(engine, stream, shard, counter, data);
        }
        foreach (var queue in engine.Queues)
        {
            queue.Sent += message => Add(engine.Scheduler.Now, "message", queue.Name, message.Body.Span);
        }
        engine.Bucket.Written += (key, parts) =>
        {
            foreach (var part in parts)
            {
                Add(engine.Scheduler.Now, "object", key, part.Span);
            }
        };
    }

    /// <summary>The functions with their invocations watched.</summary>
    public Func<string, Compose> Watch(Func<string, Compose> functions) => name => (environment, ports, time) =>
    {
        var function = functions(name)(environment, ports, time);
        return function with
        {
            Handler = async (payload, context) =>
            {
                using var copy = new MemoryStream();
                await payload.CopyToAsync(copy);
                Add(time.GetUtcNow(), "invocation", name, copy.GetBuffer().AsSpan(0, (int)copy.Length));
                _deliveries.Count(copy.GetBuffer().AsMemory(0, (int)copy.Length));
                copy.Position = 0;
                var answer = await function.Handler(copy, context);
                var bytes = new MemoryStream();
                await answer.CopyToAsync(bytes);
                Add(time.GetUtcNow(), "report", name, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
                bytes.Position = 0;
                return bytes;
            },
        };
    };

    /// <summary>The hash so far, in hexadecimal.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();

    private void AddRecord(
        EmbeddedEngine engine, DataStream stream, Shard shard, long counter, ReadOnlyMemory<byte> data) =>
        Add(engine.Scheduler.Now, $"record {shard.Index} {counter}", stream.Name, data.Span);

    private void Add(DateTimeOffset now, string effect, string name, ReadOnlySpan<byte> bytes)
    {
        Effects++;
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, now.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], bytes.Length);
        _hash.AppendData(numbers);
        _hash.AppendData(Encoding.UTF8.GetBytes($"{effect}\n{name}\n"));
        _hash.AppendData(bytes);
    }
}
