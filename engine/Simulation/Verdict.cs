namespace Pipeline.Engine.Simulation;

/// <summary>Keeps the first broken law until the run can be ended by it.</summary>
/// <remarks>
/// Effects happen inside functions, and what is thrown there is the invocation's error and nothing more, as on Lambda.
/// </remarks>
internal sealed class Verdict
{
    private BrokenLawException? _broken;

    /// <summary>Judges an effect as it happens.</summary>
    public void Judge(Action effect)
    {
        try
        {
            effect();
        }
        catch (BrokenLawException broken)
        {
            _broken ??= broken;
        }
    }

    /// <summary>Ends the run if an effect broke a law.</summary>
    /// <exception cref="BrokenLawException">One did.</exception>
    public void Check()
    {
        if (_broken is { } broken)
        {
            throw broken;
        }
    }
}
