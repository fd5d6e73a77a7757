using System.Text;
using Pipeline.Core;
using Xunit;
using Record = Pipeline.Core.Record;

namespace Pipeline.Tests.Events;

/// <summary>Events and records for tests.</summary>
internal static class Sample
{
    internal const string Json =
        """{"specversion":"1.0","id":"1","source":"/s","type":"t","time":"2026-03-01T12:00:00Z","data":{"a":1}}""";

    internal static readonly Position At = new("shardId-000000000003", SequenceNumber.Parse("4959"), 2);

    internal static Record Record(byte[] data) => new(data, "key"u8.ToArray(), At, DateTimeOffset.UnixEpoch);

    internal static Record Record(string data) => Record(Encoding.UTF8.GetBytes(data));

    /// <summary>Reads, and answers the reason and the errors.</summary>
    internal static (RejectReason? Reason, EventErrors Errors, Event Event) Read(byte[] data)
    {
        var errors = new EventErrors();
        var reason = Event.Read(Record(data), errors, out var @event);
        return (reason, errors, @event);
    }

    internal static (RejectReason? Reason, EventErrors Errors, Event Event) Read(string data) =>
        Read(Encoding.UTF8.GetBytes(data));

    /// <summary>A good event, or an error that says why it is none.</summary>
    internal static Event Good(string json)
    {
        var (reason, errors, @event) = Read(json);
        Assert.True(reason is null, $"{reason}: {string.Join("; ", errors)}");
        return @event;
    }

    /// <summary>The sample with another value in the data.</summary>
    internal static string WithData(string value) => Json.Replace("""{"a":1}""", """{"a":""" + value + "}");
}
