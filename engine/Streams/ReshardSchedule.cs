using System.Xml;
using Pipeline.Core;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>
/// Carries out what a run was told to do with its shards: each step at its time, those of one stream one after another.
/// </summary>
/// <remarks>
/// A step that finds its stream UPDATING tries again until it is not; what is refused otherwise is told as a warning,
/// and the run goes on without it.
/// </remarks>
public sealed class ReshardSchedule
{
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly Scheduler _scheduler;
    private readonly List<(DataStream Stream, ReshardStep Step)> _steps = [];
    private readonly List<string> _warnings = [];

    /// <exception cref="ConfigurationException">A step names a stream that there is not.</exception>
    public ReshardSchedule(
        IReadOnlyList<ReshardStep> steps, IReadOnlyCollection<DataStream> streams, Scheduler scheduler)
    {
        _scheduler = scheduler;
        foreach (var step in steps.OrderBy(step => step.At))
        {
            var stream = streams.FirstOrDefault(stream => stream.Name == step.Stream)
                ?? streams.FirstOrDefault(stream => stream.Model.LogicalId == step.Stream)
                ?? throw new ConfigurationException(
                    $"There is no stream '{step.Stream}' to reshard; there are "
                    + $"{string.Join(", ", streams.Select(stream => stream.Model.LogicalId))}.");
            _steps.Add((stream, step));
        }
    }

    /// <summary>What was refused, a sentence each, in the order it happened.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Begins; the times of the steps count from now.</summary>
    public void Start()
    {
        var start = _scheduler.Now;
        foreach (var steps in _steps.GroupBy(step => step.Stream))
        {
            _scheduler.Start(async () =>
            {
                foreach (var (stream, step) in steps)
                {
                    await PerformAsync(stream, step, start + step.At);
                }
            });
        }
    }

    private async Task PerformAsync(DataStream stream, ReshardStep step, DateTimeOffset at)
    {
        if (at > _scheduler.Now)
        {
            await Task.Delay(at - _scheduler.Now, _scheduler.Clock);
        }
        while (true)
        {
            try
            {
                Perform(stream, step);
                return;
            }
            catch (ServiceException refused) when (refused.Code == ServiceException.ResourceInUse)
            {
                await Task.Delay(RetryWait, _scheduler.Clock);
            }
            catch (ServiceException refused)
            {
                _warnings.Add(
                    $"At {XmlConvert.ToString(step.At)} of the run: {step} was refused and left out;"
                    + $" {refused.Message}");
                return;
            }
        }
    }

    /// <summary>Does a step at once.</summary>
    /// <exception cref="ServiceException">The API would refuse it.</exception>
    public static void Perform(DataStream stream, ReshardStep step)
    {
        switch (step.Operation)
        {
            case ReshardOperation.Split:
                var key = step.NewStartingHashKey ?? stream.Find(step.Shard!).Range.Middle;
                stream.Resharding.Split(step.Shard!, key);
                break;
            case ReshardOperation.Merge:
                stream.Resharding.Merge(step.Shard!, step.AdjacentShard!);
                break;
            default:
                stream.Resharding.Scale(step.Count);
                break;
        }
    }
}
