namespace Pipeline.Core;

/// <summary>Why a filter ended an event on purpose. A drop is counted, and never a synonym for lost.</summary>
public enum DropReason
{
    /// <summary>No one needs to act on the event.</summary>
    NotCritical,

    /// <summary>No route takes the event.</summary>
    NotRouted,

    /// <summary>The command's deadline had passed before anyone began to carry it out.</summary>
    Expired,

    /// <summary>The command was carried out before; this is another copy of it.</summary>
    AlreadyExecuted,
}

/// <summary>The names of drop reasons in metrics and summaries.</summary>
public static class DropReasonNames
{
    /// <summary>The reason's name: kebab case, stable.</summary>
    public static string Name(this DropReason reason) => reason switch
    {
        DropReason.NotCritical => "not-critical",
        DropReason.NotRouted => "not-routed",
        DropReason.Expired => "expired",
        DropReason.AlreadyExecuted => "already-executed",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A drop reason without a name."),
    };
}
