using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pipeline.Core;
using Pipeline.Engine.Functions;
using Pipeline.Engine.Loopback;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Isolation;

/// <summary>All function processes of an engine, and the services that they call.</summary>
internal sealed class IsolatedFunctions : IInstances, ICallers, IDisposable
{
    private const string KeyPrefix = "ASIA";
    private const string KeyCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int KeyCharactersRandom = 16;

    private readonly IsolationOptions _isolation;
    private readonly Scheduler _scheduler;
    private readonly ServiceEndpoint _services;
    private readonly ConcurrentDictionary<string, ProcessInstance> _instances = new(StringComparer.Ordinal);

    /// <param name="services">What functions may call.</param>
    public IsolatedFunctions(IsolationOptions isolation, Scheduler scheduler, IReadOnlyList<IService> services)
    {
        (_isolation, _scheduler) = (isolation, scheduler);
        _services = new ServiceEndpoint(services, this);
    }

    /// <summary>Starts each function once, without a world, to hear of mistakes in its configuration.</summary>
    /// <exception cref="ConfigurationException">One does not start.</exception>
    public static void Check(IReadOnlyList<FunctionModel> functions, IsolationOptions isolation)
    {
        var scheduler = new Scheduler(DateTimeOffset.UnixEpoch, isolation.RealTime);
        using var nowhere = new IsolatedFunctions(isolation, scheduler, []);
        foreach (var model in functions)
        {
            nowhere.Create(model, new FunctionCounters(), new Random(0));
        }
        nowhere.AwaitStart();
    }

    public IFunctionInstance Create(FunctionModel model, FunctionCounters counters, Random random)
    {
        // Nobody else on the machine is to guess it. It is in nothing that a run writes.
        var key = KeyPrefix + RandomNumberGenerator.GetString(KeyCharacters, KeyCharactersRandom);
        var instance = new ProcessInstance(model, key, _services.Address, counters, _scheduler, _isolation, Forget);
        _instances[key] = instance;
        return instance;
    }

    private void Forget(ProcessInstance instance) => _instances.TryRemove(instance.AccessKeyId, out _);

    public ICaller? Find(string accessKeyId) => _instances.GetValueOrDefault(accessKeyId);

    /// <summary>Waits until every process that was started asks for work.</summary>
    /// <exception cref="ConfigurationException">One does not.</exception>
    public void AwaitStart()
    {
        foreach (var instance in _instances.Values.OrderBy(instance => instance.Function, StringComparer.Ordinal))
        {
            if (instance.StartFailure() is { } failure)
            {
                throw new ConfigurationException(failure.Type == nameof(ConfigurationException)
                    ? failure.Message
                    : $"Function {instance.Function} does not start as a process of its own: {failure.Type}: "
                        + failure.Message);
            }
        }
    }

    /// <summary>Ends all processes and takes what they wrote; closes the services.</summary>
    public void Dispose()
    {
        // All at once, then one after the other until each is gone.
        foreach (var instance in _instances.Values)
        {
            instance.Kill();
        }
        foreach (var instance in _instances.Values)
        {
            instance.Dispose();
        }
        _services.Dispose();
    }
}
