using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>Checks what no resource can tell by itself.</summary>
internal static class StackRules
{
    /// <summary>Tells a stream with more consumers than the service allows. Source: RegisterStreamConsumer.</summary>
    public static void Check(StackModel stack, Problems problems)
    {
        var consumers = stack.Models.OfType<StreamConsumerModel>();
        foreach (var stream in consumers.GroupBy(consumer => consumer.Stream.LogicalId))
        {
            if (stream.Count() > Limits.ConsumersPerStreamMax)
            {
                problems.Add(
                    new Place(stream.Key), $"{stream.Count()} consumers of this stream",
                    $"at most {Limits.ConsumersPerStreamMax}");
            }
        }
    }
}
