namespace Pipeline.Functions.Execute;

/// <summary>What came of carrying a command out.</summary>
public enum CommandOutcome
{
    /// <summary>It had its effect, or there was nothing left to do.</summary>
    Executed,

    /// <summary>It may not have its effect; asking again is of no use.</summary>
    Refused,

    /// <summary>Its deadline had passed before anyone began.</summary>
    Expired,
}

/// <summary>What a handler did.</summary>
/// <param name="Outcome">Executed or refused.</param>
/// <param name="Detail">What else there is to say, in a sentence without event data; null for nothing.</param>
public readonly record struct Effect(CommandOutcome Outcome, string? Detail)
{
    /// <summary>The command had its effect.</summary>
    public static Effect Executed => default;

    /// <summary>There was nothing to do.</summary>
    public static Effect Nothing(string why) => new(CommandOutcome.Executed, why);

    /// <summary>The effect is not allowed.</summary>
    public static Effect Refuse(string why) => new(CommandOutcome.Refused, why);
}
