using System.Globalization;
using Pipeline.Core;
using Pipeline.Engine.Template;

namespace Pipeline.Engine.Functions;

/// <summary>
/// How many invocations of an account may run at a time: functions that reserve some have those and no more, all others
/// share the rest.
/// </summary>
/// <remarks>
/// Source: "Understanding Lambda function scaling", "Configuring reserved concurrency for a function".
/// </remarks>
public sealed class AccountConcurrency
{
    private readonly Dictionary<string, ConcurrencyPool> _reserved = new(StringComparer.Ordinal);
    private readonly ConcurrencyPool _shared;

    /// <param name="most">Invocations that may run at a time in the account.</param>
    /// <exception cref="ConfigurationException">The functions reserve more than the account lets them.</exception>
    public AccountConcurrency(IReadOnlyList<FunctionModel> functions, int most)
    {
        var reserving = functions.Where(function => function.ReservedConcurrency > 0).ToList();
        var reserved = reserving.Sum(function => (long)function.ReservedConcurrency!.Value);
        if (reserved > 0 && reserved > most - Limits.UnreservedConcurrencyMin)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The functions {string.Join(", ", reserving.Select(function => function.LogicalId))} reserve a "
                + $"concurrency of {reserved}; of the account's {most}, {Limits.UnreservedConcurrencyMin} must stay "
                + $"unreserved, or AWS refuses the stack."));
        }
        _shared = new ConcurrencyPool(most - (int)reserved, "ConcurrentInvocationLimitExceeded");
        foreach (var function in functions.Where(function => function.ReservedConcurrency is not null))
        {
            _reserved.Add(function.LogicalId, new ConcurrencyPool(
                function.ReservedConcurrency!.Value, "ReservedFunctionConcurrentInvocationLimitExceeded"));
        }
    }

    /// <summary>What bounds the invocations of a function.</summary>
    public ConcurrencyPool PoolOf(FunctionModel function) =>
        _reserved.GetValueOrDefault(function.LogicalId, _shared);
}

/// <summary>So many invocations at a time.</summary>
/// <param name="most">0 or more.</param>
/// <param name="reason">Why an invocation beyond it is throttled, as Invoke answers it.</param>
public sealed class ConcurrencyPool(int most, string reason)
{
    /// <summary>Invocations under way.</summary>
    public int Busy { get; private set; }

    public string Reason => reason;

    /// <summary>Takes a place for an invocation; false when there is none.</summary>
    public bool TryEnter()
    {
        if (Busy >= most)
        {
            return false;
        }
        Busy++;
        return true;
    }

    /// <summary>Gives the place of an invocation back that is over.</summary>
    public void Leave() => Busy--;
}
