using System.Buffers;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>What one invocation did, written as one line in CloudWatch's embedded metric format.</summary>
/// <remarks>
/// Only what is done counts: events of a record that is reported for redelivery are counted by the invocation that
/// finishes them, so that over all invocations <c>Records = Emitted + Dropped + Rejected</c> for a filter that emits
/// one for one. Source: "Specification: Embedded metric format".
/// </remarks>
public sealed class InvocationMetrics(string function)
{
    /// <summary>The CloudWatch namespace of all our metrics.</summary>
    public const string Namespace = "Pipeline";

    /// <summary>What stands before a reason in the name of a metric.</summary>
    public const string DroppedPrefix = "Dropped.";

    /// <inheritdoc cref="DroppedPrefix"/>
    public const string RejectedPrefix = "Rejected.";

    /// <summary>What stands before a kind of lateness in the name of a metric.</summary>
    public const string LatePrefix = "Late.";

    private readonly int[] _dropped = new int[Enum.GetValues<DropReason>().Length];
    private readonly int[] _rejected = new int[Enum.GetValues<RejectReason>().Length];
    private readonly ArrayBufferWriter<byte> _line = new(1024);

    /// <summary>Events taken and done.</summary>
    public int Records { get; set; }

    /// <summary>Outputs accepted: events by a stream, commands by queues.</summary>
    public int Emitted { get; set; }

    /// <summary>Entries and objects sent again after a fault.</summary>
    public int Retries { get; set; }

    /// <summary>Messages reported as failed, which come again; written when there are any.</summary>
    public int Failed { get; set; }

    /// <summary>Age of the last record of the batch when the invocation began.</summary>
    public TimeSpan IteratorAge { get; set; }

    public void CountDrop(DropReason reason, int count) => _dropped[(int)reason] += count;

    public void CountReject(RejectReason reason, int count) => _rejected[(int)reason] += count;

    public void Clear()
    {
        (Records, Emitted, Retries, Failed, IteratorAge) = (0, 0, 0, 0, TimeSpan.Zero);
        _dropped.AsSpan().Clear();
        _rejected.AsSpan().Clear();
    }

    /// <summary>Writes the line.</summary>
    /// <param name="now">The invocation's time.</param>
    public void Write(DateTimeOffset now, IOutputPort output)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            WriteDirective(json, now);
            json.WriteString("Function", function);
            json.WriteNumber(nameof(Records), Records);
            json.WriteNumber(nameof(Emitted), Emitted);
            json.WriteNumber(nameof(Retries), Retries);
            json.WriteNumber(nameof(IteratorAge), (long)IteratorAge.TotalMilliseconds);
            if (Failed > 0)
            {
                json.WriteNumber(nameof(Failed), Failed);
            }
            ForEachReason((name, count) => json.WriteNumber(name, count));
            json.WriteEndObject();
        }
        output.WriteLine(_line.WrittenSpan);
    }

    private void WriteDirective(Utf8JsonWriter json, DateTimeOffset now)
    {
        json.WriteStartObject("_aws");
        json.WriteNumber("Timestamp", now.ToUnixTimeMilliseconds());
        json.WriteStartArray("CloudWatchMetrics");
        json.WriteStartObject();
        json.WriteString("Namespace", Namespace);
        json.WriteStartArray("Dimensions");
        json.WriteStartArray();
        json.WriteStringValue("Function");
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("Metrics");
        WriteMetric(json, nameof(Records), "Count");
        WriteMetric(json, nameof(Emitted), "Count");
        WriteMetric(json, nameof(Retries), "Count");
        WriteMetric(json, nameof(IteratorAge), "Milliseconds");
        if (Failed > 0)
        {
            WriteMetric(json, nameof(Failed), "Count");
        }
        ForEachReason((name, _) => WriteMetric(json, name, "Count"));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMetric(Utf8JsonWriter json, string name, string unit)
    {
        json.WriteStartObject();
        json.WriteString("Name", name);
        json.WriteString("Unit", unit);
        json.WriteEndObject();
    }

    private void ForEachReason(Action<string, int> write)
    {
        for (var i = 0; i < _dropped.Length; i++)
        {
            if (_dropped[i] > 0)
            {
                write(DroppedPrefix + ((DropReason)i).Name(), _dropped[i]);
            }
        }
        for (var i = 0; i < _rejected.Length; i++)
        {
            if (_rejected[i] > 0)
            {
                write(RejectedPrefix + ((RejectReason)i).Name(), _rejected[i]);
            }
        }
    }
}
