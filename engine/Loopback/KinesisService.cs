using System.Globalization;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine.Streams;

namespace Pipeline.Engine.Loopback;

/// <summary>Kinesis Data Streams, as far as the pipeline's functions call it.</summary>
/// <remarks>Source: Kinesis API model 2013-12-02.</remarks>
public sealed class KinesisService : IService
{
    private readonly StreamApi _api;
    private readonly JsonProtocol _protocol;

    public KinesisService(StreamApi api)
    {
        _api = api;
        _protocol = new JsonProtocol(
            "Kinesis_20131202",
            "application/x-amz-json-1.1",
            new SortedDictionary<string, JsonOperation>(StringComparer.Ordinal)
            {
                ["PutRecords"] = PutRecordsAsync,
                ["ListShards"] = ListShardsAsync,
                ["GetShardIterator"] = GetShardIteratorAsync,
                ["GetRecords"] = GetRecordsAsync,
                ["DescribeStreamSummary"] = DescribeStreamSummaryAsync,
            });
    }

    public bool Takes(ServiceRequest request) => _protocol.Takes(request);

    public Task<ServiceAnswer> AnswerAsync(ServiceRequest request, ICaller caller) =>
        _protocol.AnswerAsync(request, caller);

    public ServiceAnswer Refuse(ServiceRequest request, PortFaultException refusal) =>
        refusal is ServiceException service
            ? _protocol.Error(400, service.Code, service.Reason)
            : _protocol.Error(500, RefusalCode.Failure, refusal.Message);

    private async Task<ReadOnlyMemory<byte>> PutRecordsAsync(JsonMembers request, ICaller caller)
    {
        var stream = StreamOf(request);
        var entries = request.Objects("Records").Select(record => new PutEntry(
            record.Blob("Data"), record.Needed("PartitionKey"), record.Text("ExplicitHashKey"))).ToList();
        var results = await caller.CallAsync(new ServiceCall<IReadOnlyList<PutResult>>(
            () => _api.PutRecords(stream, entries))
        {
            AsksToWait = answers => answers.Any(answer => !answer.Accepted),
        });
        return JsonProtocol.Write(json =>
        {
            json.WriteNumber("FailedRecordCount", results.Count(result => !result.Accepted));
            json.WriteStartArray("Records");
            foreach (var result in results)
            {
                json.WriteStartObject();
                WriteText(json, "SequenceNumber", result.SequenceNumber);
                WriteText(json, "ShardId", result.ShardId);
                WriteText(json, "ErrorCode", result.ErrorCode);
                WriteText(json, "ErrorMessage", result.ErrorMessage);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private async Task<ReadOnlyMemory<byte>> ListShardsAsync(JsonMembers request, ICaller caller)
    {
        var token = request.Text("NextToken");
        var most = request.Whole("MaxResults");
        var filter = FilterOf(request);
        var stream = token is null ? StreamOf(request) : null;
        if (token is not null && (request.Has("StreamName") || filter is not null))
        {
            throw Invalid("NextToken and StreamName cannot be provided together.");
        }
        var shards = await caller.CallAsync(new ServiceCall<ShardList>(() => stream is not null
            ? _api.ListShards(stream, filter, most)
            : _api.ListMoreShards(token!)));
        return JsonProtocol.Write(json =>
        {
            WriteText(json, "NextToken", shards.NextToken);
            json.WriteStartArray("Shards");
            foreach (var shard in shards.Shards)
            {
                json.WriteStartObject();
                json.WriteString("ShardId", shard.ShardId);
                WriteText(json, "ParentShardId", shard.ParentShardId);
                WriteText(json, "AdjacentParentShardId", shard.AdjacentParentShardId);
                WriteRange(json, shard.HashKeyRange);
                json.WriteStartObject("SequenceNumberRange");
                json.WriteString("StartingSequenceNumber", shard.StartingSequenceNumber);
                WriteText(json, "EndingSequenceNumber", shard.EndingSequenceNumber);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private async Task<ReadOnlyMemory<byte>> GetShardIteratorAsync(JsonMembers request, ICaller caller)
    {
        var stream = StreamOf(request);
        var shard = request.Needed("ShardId");
        var type = Named<IteratorType>("ShardIteratorType", request.Needed("ShardIteratorType"));
        var sequence = request.Text("StartingSequenceNumber");
        var moment = request.Moment("Timestamp");
        var iterator = await caller.CallAsync(new ServiceCall<string>(
            () => _api.GetShardIterator(stream, shard, type, sequence, moment)));
        return JsonProtocol.Write(json => json.WriteString("ShardIterator", iterator));
    }

    private Task<ReadOnlyMemory<byte>> GetRecordsAsync(JsonMembers request, ICaller caller)
    {
        var iterator = request.Needed("ShardIterator");
        var limit = request.Whole("Limit") ?? Limits.GetRecordsCountMax;
        // Written where it is read: the records lie in the log's own memory.
        return caller.CallAsync(new ServiceCall<ReadOnlyMemory<byte>>(
            () => Write(_api.GetRecords(iterator, limit))));
    }

    private async Task<ReadOnlyMemory<byte>> DescribeStreamSummaryAsync(JsonMembers request, ICaller caller)
    {
        var stream = StreamOf(request);
        var summary = await caller.CallAsync(new ServiceCall<StreamSummary>(() => _api.DescribeStreamSummary(stream)));
        return JsonProtocol.Write(json =>
        {
            json.WriteStartObject("StreamDescriptionSummary");
            json.WriteString("StreamName", summary.StreamName);
            json.WriteString("StreamARN", summary.StreamArn);
            json.WriteString("StreamStatus", summary.Status.ToString().ToUpperInvariant());
            json.WriteStartObject("StreamModeDetails");
            json.WriteString("StreamMode", "PROVISIONED");
            json.WriteEndObject();
            json.WriteNumber("RetentionPeriodHours", summary.RetentionPeriodHours);
            WriteMoment(json, "StreamCreationTimestamp", summary.CreatedAt);
            json.WriteStartArray("EnhancedMonitoring");
            json.WriteEndArray();
            json.WriteString("EncryptionType", "NONE");
            json.WriteNumber("OpenShardCount", summary.OpenShardCount);
            json.WriteNumber("ConsumerCount", summary.ConsumerCount);
            json.WriteNumber("MaxRecordSizeInKiB", summary.MaxRecordSizeInKiB);
            json.WriteEndObject();
        });
    }

    private static ReadOnlyMemory<byte> Write(RecordsAnswer answer) => JsonProtocol.Write(json =>
    {
        json.WriteStartArray("Records");
        foreach (var record in answer.Records)
        {
            json.WriteStartObject();
            json.WriteString("SequenceNumber", record.Sequence.ToString());
            WriteMoment(json, "ApproximateArrivalTimestamp", record.ArrivedAt);
            json.WriteBase64String("Data", record.Data.Span);
            json.WriteString("PartitionKey", record.PartitionKey.Span);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteText(json, "NextShardIterator", answer.NextShardIterator);
        json.WriteNumber("MillisBehindLatest", answer.MillisBehindLatest);
        if (answer.ChildShards is { } children)
        {
            json.WriteStartArray("ChildShards");
            foreach (var child in children)
            {
                json.WriteStartObject();
                json.WriteString("ShardId", child.ShardId);
                json.WriteStartArray("ParentShards");
                foreach (var parent in child.ParentShards)
                {
                    json.WriteStringValue(parent);
                }
                json.WriteEndArray();
                WriteRange(json, child.HashKeyRange);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    });

    /// <summary>The stream's name, given by itself or at the end of an ARN.</summary>
    private static string StreamOf(JsonMembers request) =>
        request.Text("StreamName")
        ?? (request.Text("StreamARN") is { } arn
            ? arn[(arn.IndexOf('/', StringComparison.Ordinal) + 1)..]
            : throw Invalid("Either StreamName or StreamARN should be passed."));

    private static ShardFilter? FilterOf(JsonMembers request)
    {
        if (request.Object("ShardFilter") is not { } filter)
        {
            return null;
        }
        var type = Named<ShardFilterType>("ShardFilter.Type", filter.Needed("Type"));
        return new ShardFilter(type, filter.Text("ShardId"), filter.Moment("Timestamp"));
    }

    /// <summary>The value that the API calls so.</summary>
    private static T Named<T>(string member, string name)
        where T : struct, Enum
    {
        var named = Enum.GetValues<T>().Where(value => NameOf(value) == name).ToList();
        return named.Count > 0 ? named[0] : throw Invalid(
            $"{member} is '{name}'; allowed are {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}.");
    }

    /// <summary>A value's name as the API has it: <c>AtLatest</c> is <c>AT_LATEST</c>.</summary>
    private static string NameOf<T>(T value)
        where T : struct, Enum
    {
        var words = value.ToString().Select((letter, index) =>
            index > 0 && char.IsUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString());
        return string.Concat(words);
    }

    private static void WriteRange(Utf8JsonWriter json, HashRange range)
    {
        json.WriteStartObject("HashKeyRange");
        json.WriteString("StartingHashKey", range.First.ToString(CultureInfo.InvariantCulture));
        json.WriteString("EndingHashKey", range.Last.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteMoment(Utf8JsonWriter json, string name, DateTimeOffset moment) =>
        json.WriteNumber(name, moment.ToUnixTimeMilliseconds() / 1000m);

    private static ServiceException Invalid(string why) => new(ServiceException.InvalidArgument, why);
}
