using Amazon.CDK;
using Constructs;
using Pipeline.Infra.Constructs;

namespace Pipeline.Infra;

/// <summary>The pipeline as a list: its pipes, the filters between them, and what keeps the result.</summary>
public sealed class PipelineStack : Stack
{
    public PipelineStack(Construct scope, string id, StackOptions options, IStackProps props)
        : base(scope, id, props)
    {
        var code = FunctionsCode.For(options);

        // Pipes: what is in them gives them their names.
        var raw = new EventStream(this, "Raw", options);
        var validated = new EventStream(this, "Validated", options);
        var enriched = new EventStream(this, "Enriched", options);
        var critical = new EventStream(this, "Critical", options);
        var high = new CommandQueue(this, "CommandsHigh", CommandCapacity.High);
        var normal = new CommandQueue(this, "CommandsNormal", CommandCapacity.Normal);
        var low = new CommandQueue(this, "CommandsLow", CommandCapacity.Low);
        var commands = new PriorityQueues(high, normal, low);

        // The one bucket: archive/, rejected/ and all other prefixes.
        var data = new DataBucket(this, "Data", options);

        // Filters: raw ─▶ Validate ─▶ validated ─▶ Enrich ─▶ enriched; bad rows to the bucket.
        var validate = new StreamFilter(this, "Validate", code, options, raw, validated, data, batchSize: 1000);
        var enrich = new StreamFilter(this, "Enrich", code, options, validated, enriched, data, batchSize: 200)
            .With("GEO_DATABASE", "geo/iptoasn-country.mmdb")
            .Reading(DataBucket.BlocklistKey);

        // Filters: enriched ─▶ FilterCritical ─▶ critical ─▶ Route ─▶ the commands of all priorities.
        var own = enriched.ReaderFor("FilterCritical");
        var filterCritical = new StreamFilter(
            this, "FilterCritical", code, options, own, critical, data, batchSize: 200);
        var route = new StreamFilter(this, "Route", code, options, critical, commands, data, batchSize: 100);

        // Workers: commands ─▶ their effects.
        var executeHigh = new CommandWorker(this, "ExecuteHigh", code, options, high, data);
        var executeNormal = new CommandWorker(this, "ExecuteNormal", code, options, normal, data);
        var executeLow = new CommandWorker(this, "ExecuteLow", code, options, low, data);

        // Sinks: enriched ─▶ archive/date=…/
        var archive = new Archive(this, "Archive", enriched, data);
        enrich.StartAfter(archive);

        // What somebody must look at, and where to look.
        StreamFilter[] filters = [validate, enrich, filterCritical, route];
        CommandWorker[] workers = [executeHigh, executeNormal, executeLow];
        var alarms = new Alarms(this, options, filters, workers, archive);
        _ = new Dashboard(this, filters, workers, archive, alarms);
    }
}
