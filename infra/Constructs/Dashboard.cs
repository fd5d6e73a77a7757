using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Constructs;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// The pipeline from left to right: a column for each stage, in it what comes in, what is done, what is behind, and
/// what was put aside; the alarms above.
/// </summary>
public sealed class Dashboard : Construct
{
    // "Dashboard body structure and syntax": the grid is 24 units wide.
    private const int GridWidth = 24;
    private const int AlarmsHeight = 4;
    private const int GraphHeight = 5;
    private const int Period = 60;

    // Quotes as quotes: nobody takes this JSON for HTML.
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonArray _widgets = [];
    private readonly int _columnWidth;

    public Dashboard(
        Construct scope, StreamFilter[] filters, CommandWorker[] workers, Archive archive, Alarms alarms)
        : base(scope, "Overview")
    {
        // A column for each filter, one for the workers of all priorities, one for the archive.
        _columnWidth = GridWidth / (filters.Length + 2);
        AddAlarms(alarms);
        for (var column = 0; column < filters.Length; column++)
        {
            AddFilter(column, filters[column].From, filters[column].Function);
        }

        AddWorkers(filters.Length, workers);
        AddArchive(filters.Length + 1, archive);
        new CfnDashboard(this, "Dashboard", new CfnDashboardProps
        {
            DashboardBody = new JsonObject { ["widgets"] = _widgets }.ToJsonString(Readable),
        }).OverrideLogicalId("Dashboard");
    }

    private void AddAlarms(Alarms alarms) => Add("alarm", x: 0, y: 0, GridWidth, AlarmsHeight, new JsonObject
    {
        ["title"] = "Alarms",
        ["alarms"] = new JsonArray([.. alarms.All.Select(alarm => (JsonNode)alarm.AttrArn)]),
    });

    private void AddFilter(int column, EventStream from, PipelineFunction filter)
    {
        AddGraph(column, row: 0, from.Name + ": records in", Lines(
            Measure.OfStream(from, "IncomingRecords", "Sum", Period),
            Measure.OfStream(from, "WriteProvisionedThroughputExceeded", "Sum", Period)));
        AddGraph(column, row: 1, filter.Name + ": events", Did(filter));
        AddGraph(column, row: 2, filter.Name + ": behind (ms)", Lines(
            Measure.OfFunction(filter, "IteratorAge", "Maximum", Period)));
        AddGraph(column, row: 3, filter.Name + ": put aside", Rejected(filter));
    }

    private void AddWorkers(int column, CommandWorker[] workers)
    {
        AddGraph(column, row: 0, "Commands: sent", Lines([.. workers.Select(worker =>
            Measure.OfQueue(worker.Queue.Queue, "NumberOfMessagesSent", "Sum", Period))]));
        AddGraph(column, row: 1, "Commands: done", new JsonArray(
            [.. workers.SelectMany(worker => Did(worker.Function)).Select(line => line!.DeepClone())]));
        AddGraph(column, row: 2, "Commands: oldest (s)", Lines([.. workers.Select(worker =>
            Measure.OfQueue(worker.Queue.Queue, "ApproximateAgeOfOldestMessage", "Maximum", Period))]));
        AddGraph(column, row: 3, "Commands: dead", Lines([.. workers.Select(worker =>
            Measure.OfQueue(worker.Queue.Dead, "ApproximateNumberOfMessagesVisible", "Maximum", Period))]));
    }

    private void AddArchive(int column, Archive archive)
    {
        AddGraph(column, row: 0, "Archive: records in", Lines(
            Measure.OfArchive(archive, "DataReadFromKinesisStream.Records", "Sum", Period)));
        AddGraph(column, row: 1, "Archive: objects and records", Lines(
            Measure.OfArchive(archive, "DeliveryToS3.ObjectCount", "Sum", Period),
            Measure.OfArchive(archive, "DeliveryToS3.Records", "Sum", Period)));
        AddGraph(column, row: 2, "Archive: behind (s)", Lines(
            Measure.OfArchive(archive, "DeliveryToS3.DataFreshness", "Maximum", Period)));
        AddGraph(column, row: 3, "Archive: success", Lines(
            Measure.OfArchive(archive, "DeliveryToS3.Success", "Average", Period)));
    }

    private static JsonArray Did(PipelineFunction function) => Lines(
        Measure.OfPipeline(function, "Records", "Sum", Period),
        Measure.OfPipeline(function, "Emitted", "Sum", Period),
        Measure.OfFunction(function, "Errors", "Sum", Period),
        Measure.OfFunction(function, "Throttles", "Sum", Period));

    // Every reason is a metric of its own, and only those that happened exist.
    private static JsonArray Rejected(PipelineFunction function) =>
    [
        new JsonArray(new JsonObject
        {
            ["expression"] =
                $"SEARCH('{{Pipeline,Function}} Function=\"{function.Name}\" Rejected', 'Sum', {Period})",
        }),
    ];

    private static JsonArray Lines(params Measure[] measures) => new([.. measures.Select(Line)]);

    private static JsonNode Line(Measure measure) => new JsonArray(
        measure.Namespace,
        measure.Metric,
        measure.Dimension,
        measure.Part,
        new JsonObject { ["stat"] = measure.Statistic, ["period"] = measure.Period });

    private void AddGraph(int column, int row, string title, JsonArray metrics)
    {
        var y = AlarmsHeight + row * GraphHeight;
        Add("metric", column * _columnWidth, y, _columnWidth, GraphHeight, new JsonObject
        {
            ["title"] = title,
            ["region"] = Aws.REGION,
            ["view"] = "timeSeries",
            ["metrics"] = metrics,
        });
    }

    private void Add(string type, int x, int y, int width, int height, JsonObject properties) =>
        _widgets.Add((JsonNode)new JsonObject
        {
            ["type"] = type,
            ["x"] = x,
            ["y"] = y,
            ["width"] = width,
            ["height"] = height,
            ["properties"] = properties,
        });
}
