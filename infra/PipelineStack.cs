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

        // The one bucket: archive/, rejected/ and all other prefixes.
        var data = new DataBucket(this, "Data", options);

        // Filters: raw ─▶ Validate ─▶ validated ─▶ Enrich ─▶ enriched; bad rows to the bucket.
        _ = new StreamFilter(this, "Validate", code, options, raw, validated, data, batchSize: 1000);
        var enrich = new StreamFilter(this, "Enrich", code, options, validated, enriched, data, batchSize: 200)
            .With("GEO_DATABASE", "geo/iptoasn-country.mmdb");

        // Sinks: enriched ─▶ archive/date=…/
        var archive = new Archive(this, "Archive", enriched, data);
        enrich.StartAfter(archive);
    }
}
