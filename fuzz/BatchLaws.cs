using Pipeline.Core;

namespace Pipeline.Fuzz;

/// <summary>A payload is refused or read; every event of it belongs to one record, in order.</summary>
internal static class BatchLaws
{
    public static void Try(byte[] input)
    {
        using var batch = new RecordBatch();
        try
        {
            batch.Read(input);
        }
        catch (InvalidPayloadException)
        {
            return;
        }
        var next = 0;
        for (var i = 0; i < batch.RecordCount; i++)
        {
            var record = batch.RecordAt(i);
            LawException.Unless(
                record.FirstEvent == next && record.EventCount > 0, "Records hold the events, each once, in order.");
            next += record.EventCount;
            for (var j = record.FirstEvent; j < next; j++)
            {
                LawException.Unless(
                    batch.EventAt(j).Position.Sequence == record.Sequence, "An event stands where its record does.");
            }
        }
        LawException.Unless(next == batch.EventCount, "No event is outside a record.");
    }
}
