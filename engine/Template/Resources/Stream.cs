using System.Text.RegularExpressions;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>A provisioned Kinesis stream.</summary>
/// <param name="ShardCount">Shards at the start, 1 to <see cref="Limits.ShardsMax"/>.</param>
/// <param name="Retention">24 hours (the default) to 365 days.</param>
public sealed record StreamModel(string LogicalId, string Name, string Arn, int ShardCount, TimeSpan Retention)
    : ResourceModel(LogicalId)
{
    /// <summary>Largest data blob plus partition key of a record, in bytes: 1 MiB (the default) to 10 MiB.</summary>
    public int RecordBytesMax { get; init; } = Limits.RecordBytesMax;
}

/// <summary>Source: "AWS::Kinesis::Stream"; Kinesis API model 2013-12-02.</summary>
internal sealed partial class StreamType : ResourceType
{
    public const string Id = "AWS::Kinesis::Stream";

    public override string Type => Id;

    public override string NameProperty => "Name";

    public override string Arn(string name) => Account.Arn("kinesis", $"stream/{name}");

    public override ResourceModel Read(PropertyReader properties, ResourceReading resource)
    {
        properties.Name(NameProperty, Form(), "1 to 128 of a-z, A-Z, 0-9, '_', '.', '-'");
        var mode = properties.Object("StreamModeDetails");
        mode?.Only("StreamMode", "PROVISIONED");
        mode?.Finish();
        var shards = properties.RequiredWhole("ShardCount", 1, Limits.ShardsMax);
        var hours = properties.Whole(
            "RetentionPeriodHours", Limits.RetentionHoursMin, Limits.RetentionHoursMax, Limits.RetentionHoursMin);
        var kibibytes = properties.Whole(
            "MaxRecordSizeInKiB", Limits.RecordBytesMax / 1024, Limits.LargeRecordBytesMax / 1024,
            Limits.RecordBytesMax / 1024);
        properties.Ignore("DesiredShardLevelMetrics", "StreamEncryption", "Tags");
        properties.Finish();
        return new StreamModel(
            resource.LogicalId, resource.Name, Arn(resource.Name), resource.Options.Shards ?? shards,
            TimeSpan.FromHours(hours))
        {
            RecordBytesMax = kibibytes * 1024,
        };
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex Form();
}
