using System.Text.Json.Nodes;

namespace Pipeline.Engine.Simulation;

/// <summary>
/// Draws the values of a template that its author may choose: whatever they are, the pipeline must keep its laws.
/// </summary>
/// <remarks>
/// Works on any template of the pipeline: it finds streams, mappings, queues and functions by their types. The country
/// database is left out, for no law depends on it and opening it would cost more than a whole simulation.
/// </remarks>
internal static class PlannedTemplate
{
    private const int ShardsMax = 4;
    private const int StreamBatchMax = 200;
    private const int QueueBatchMax = 10;

    /// <summary>Draws every value anew.</summary>
    public static void Draw(JsonObject resources, int seed, SimulationLimits limits)
    {
        // Slots are one number for all, at least four for each shard.
        var slots = 16 << SimulationPlan.DrawnBy(seed, "slots").Next(4);
        foreach (var (id, resource) in resources)
        {
            var random = SimulationPlan.DrawnBy(seed, id);
            var properties = resource!["Properties"]?.AsObject();
            switch (resource["Type"]!.GetValue<string>())
            {
                case "AWS::Kinesis::Stream":
                    var shards = random.Next(1, ShardsMax + 1);
                    properties!["ShardCount"] = Math.Min(shards, limits.Shards ?? shards);
                    break;
                case "AWS::Lambda::Function":
                    DrawFunction(properties!, random, slots);
                    break;
                case "AWS::KinesisFirehose::DeliveryStream":
                    properties!["ExtendedS3DestinationConfiguration"]!["BufferingHints"]!["IntervalInSeconds"] =
                        random.Next(60, 301);
                    break;
            }
        }
        foreach (var (id, resource) in resources)
        {
            if (resource!["Type"]!.GetValue<string>() == "AWS::Lambda::EventSourceMapping")
            {
                DrawMapping(resources, resource["Properties"]!.AsObject(), SimulationPlan.DrawnBy(seed, id));
            }
        }
    }

    private static void DrawFunction(JsonObject properties, Random random, int slots)
    {
        var timeout = random.Next(5, 61);
        var environment = properties["Environment"]!["Variables"]!.AsObject();
        properties["Timeout"] = timeout;
        environment["FUNCTION_TIMEOUT_SECONDS"] = $"{timeout}";
        environment.Remove("GEO_DATABASE");
        if (environment.ContainsKey("SLOTS"))
        {
            environment["SLOTS"] = $"{slots}";
        }
    }

    private static void DrawMapping(JsonObject resources, JsonObject mapping, Random random)
    {
        var window = random.Next(3) == 0 ? 0 : random.Next(1, 10);
        mapping["MaximumBatchingWindowInSeconds"] = window;
        if (!mapping.ContainsKey("StartingPosition"))
        {
            mapping["BatchSize"] = random.Next(1, QueueBatchMax + 1);
            mapping["ScalingConfig"]!["MaximumConcurrency"] = random.Next(2, 20);
            DrawQueue(resources, mapping, window, random);
            return;
        }
        mapping["BatchSize"] = random.Next(2) == 0 ? random.Next(1, 10) : random.Next(10, StreamBatchMax + 1);
        mapping["BisectBatchOnFunctionError"] = random.Next(2) == 0;
        // Most pipelines try on; a few give up early, so that dead letters are judged too.
        if (random.Next(4) == 0)
        {
            mapping["MaximumRetryAttempts"] = random.Next(0, 9);
        }
        if (random.Next(8) == 0)
        {
            mapping["MaximumRecordAgeInSeconds"] = random.Next(120, 3601);
        }
    }

    private static void DrawQueue(JsonObject resources, JsonObject mapping, int window, Random random)
    {
        var function = resources[mapping["FunctionName"]!["Ref"]!.GetValue<string>()]!["Properties"]!;
        var queue = resources[mapping["EventSourceArn"]!["Fn::GetAtt"]![0]!.GetValue<string>()]!["Properties"]!;
        queue["VisibilityTimeout"] = (function["Timeout"]!.GetValue<int>() * random.Next(1, 7)) + window;
        queue["RedrivePolicy"]!["maxReceiveCount"] = random.Next(2, 9);
    }
}
