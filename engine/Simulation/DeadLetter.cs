using System.Text;
using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Engine.Simulation;

/// <summary>An event that a mapping gave up, as its on-failure object keeps it.</summary>
/// <param name="FunctionArn">The function that did not take it.</param>
/// <param name="RawPosition">Which delivery it is.</param>
/// <param name="Line">The event as the function was given it.</param>
public sealed record DeadLetter(string FunctionArn, string RawPosition, byte[] Line)
{
    /// <summary>Reads the events of an on-failure object.</summary>
    public static IReadOnlyList<DeadLetter> Read(ReadOnlyMemory<byte> document)
    {
        using var json = JsonDocument.Parse(document);
        using var batch = new RecordBatch();
        batch.Read(Encoding.UTF8.GetBytes(json.RootElement.GetProperty("payload").GetString()!));
        var function = json.RootElement.GetProperty("requestContext").GetProperty("functionArn").GetString()!;
        var letters = new List<DeadLetter>(batch.EventCount);
        for (var i = 0; i < batch.EventCount; i++)
        {
            var record = batch.EventAt(i);
            letters.Add(new DeadLetter(function, PositionOf(record), record.Data.ToArray()));
        }
        return letters;
    }

    /// <summary>What Validate stamped on it; before Validate, where it stood in the raw stream.</summary>
    private static string PositionOf(in Record record) =>
        Event.Read(record, new EventErrors(), out var @event) is (null or RejectReason.InvalidEvent)
        && @event.Text(EventAttribute.RawPosition) is { } stamped
            ? stamped
            : record.Position.ToString();
}
