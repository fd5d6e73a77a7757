namespace Pipeline.Functions.Validate;

/// <summary>What becomes of an event whose type has no schema.</summary>
public enum UnknownType
{
    /// <summary>A bad row.</summary>
    Reject,

    /// <summary>It passes; its data is not checked.</summary>
    Accept,
}
