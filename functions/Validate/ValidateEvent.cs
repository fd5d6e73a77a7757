using Pipeline.Core;
using Pipeline.Core.Json;

namespace Pipeline.Functions.Validate;

/// <summary>
/// Lets pass what is an event of a known type with sound data, and stamps each with its raw position.
/// </summary>
/// <remarks>
/// In: <c>raw</c>. Out: <c>validated</c>. Order: kept per partition key. Delivery: at least once; a second delivery is
/// emitted again with the same <c>rawposition</c>, which tells it from a repeated event. Drops: nothing. Rejects: what
/// is not UTF-8, not JSON, not a CloudEvent, too large, of an unknown type or an unknown version of it, or breaks its
/// schema. Faults: none of its own.
/// </remarks>
public sealed class ValidateEvent(SchemaSet schemas, UnknownType unknownType) : IRecordFilter
{
    private readonly EventErrors _errors = new();

    public Outcome Apply(in Record record)
    {
        _errors.Clear();
        if (record.Data.Length > Limits.EventBytesMax)
        {
            return Reject(
                record, RejectReason.TooLarge, $"is {record.Data.Length} bytes; allowed are {Limits.EventBytesMax}");
        }
        var reason = Event.Read(record, _errors, out var @event);
        if (reason is null or RejectReason.InvalidEvent)
        {
            if (Oversize.TryRead(@event, out var stored))
            {
                return Reject(record, RejectReason.TooLarge, $"is larger than {Limits.EventBytesMax} bytes", stored);
            }
            reason = CheckData(@event, reason);
        }
        if (reason is { } why)
        {
            return Outcome.Reject(new BadRow(record, why, [.. _errors]));
        }
        var edits = default(AttributeEdits);
        edits.Set(EventAttribute.RawPosition, record.Position);
        return Outcome.Emit(@event, edits);
    }

    /// <summary>Checks what Event.Read does not know: type and data. Flaws of form are named already.</summary>
    private RejectReason? CheckData(in Event @event, RejectReason? reason)
    {
        var type = @event.Raw(EventAttribute.Type);
        if (!JsonText.TryContent(type, out var name) || name.IsEmpty)
        {
            return reason;
        }
        if (schemas.Find(@event, out var isTypeKnown) is not { } schema)
        {
            return isTypeKnown ? AddUnknownVersion(@event, reason) : AddUnknownType(@event, reason);
        }
        var data = @event.Raw(EventAttribute.Data);
        if (data.IsEmpty || data[0] != '{')
        {
            return reason;
        }
        var before = _errors.Count;
        schema.Validate(data, "/data", _errors);
        return reason ?? (_errors.Count > before ? RejectReason.InvalidData : null);
    }

    private RejectReason? AddUnknownType(in Event @event, RejectReason? reason)
    {
        if (unknownType == UnknownType.Accept)
        {
            return reason;
        }
        var found = JsonText.Excerpt(@event.Raw(EventAttribute.Type));
        _errors.Add("/type", $"{found} has no schema; there are {string.Join(", ", schemas.Types)}");
        return reason ?? RejectReason.UnknownType;
    }

    private RejectReason AddUnknownVersion(in Event @event, RejectReason? reason)
    {
        var found = JsonText.Excerpt(@event.Raw(EventAttribute.DataSchema));
        var versions = string.Join(", ", schemas.VersionsOf(@event.Text(EventAttribute.Type)!));
        _errors.Add("/dataschema", $"names no version of the type's schema, found {found}; there are {versions}");
        return reason ?? RejectReason.UnknownVersion;
    }

    private static Outcome Reject(in Record record, RejectReason reason, string message, string? payloadRef = null) =>
        Outcome.Reject(new BadRow(record, reason, [new EventError("", message)]) { PayloadRef = payloadRef });
}
