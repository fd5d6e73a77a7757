using Pipeline.Core;

namespace Pipeline.Tests.Contracts;

/// <summary>A service refused a request as a whole.</summary>
/// <param name="code">The API's error code.</param>
public sealed class ServiceErrorException(string code, string message) : Exception($"{code}: {message}")
{
    public string Code => code;

    /// <summary>The same error of the engine, which names the code first.</summary>
    public static ServiceErrorException From(PortFaultException fault)
    {
        var end = fault.Message.IndexOf(':', StringComparison.Ordinal);
        return new ServiceErrorException(fault.Message[..end], fault.Message[(end + 2)..]);
    }

    /// <summary>Calls the engine; its faults are errors of the service.</summary>
    public static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (PortFaultException fault)
        {
            throw From(fault);
        }
    }
}
