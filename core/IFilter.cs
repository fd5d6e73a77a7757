namespace Pipeline.Core;

/// <summary>A step that looks at one event at a time. It knows no AWS type, clock, logger or environment.</summary>
public interface IFilter
{
    /// <summary>Decides what becomes of the event.</summary>
    Outcome Apply(in Event @event);
}

/// <summary>A step that takes records as they come, before anyone knows whether they are events.</summary>
public interface IRecordFilter
{
    /// <summary>Decides what becomes of the record.</summary>
    Outcome Apply(in Record record);
}
