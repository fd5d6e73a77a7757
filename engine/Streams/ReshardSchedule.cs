using System.Globalization;
using System.Xml;
using Pipeline.Core;
using Pipeline.Engine.Template;
using Pipeline.Engine.Time;

namespace Pipeline.Engine.Streams;

/// <summary>
/// Carries out what a run was told to do with its shards: each step at its time, those of one stream one after another.
/// </summary>
/// <remarks>
/// A step that finds its stream UPDATING, or too many calls made, tries again until it is taken; what is refused
/// otherwise, by the service or for want of slots, is told as a warning, and the run goes on without it.
/// </remarks>
public sealed class ReshardSchedule
{
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly StreamApi _api;
    private readonly Scheduler _scheduler;
    private readonly SlotRule? _slots;
    private readonly List<(DataStream Stream, ReshardStep Step)> _steps = [];
    private readonly List<string> _warnings = [];

    /// <param name="slots">How many open shards a stream may have; null for as many as AWS allows.</param>
    /// <exception cref="ConfigurationException">A step names a stream that there is not.</exception>
    public ReshardSchedule(
        IReadOnlyList<ReshardStep> steps, IReadOnlyCollection<DataStream> streams, StreamApi api, Scheduler scheduler,
        SlotRule? slots)
    {
        (_api, _scheduler, _slots) = (api, scheduler, slots);
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
                // While a stream is UPDATING the call is refused and made again; only then are its shards known.
                if (stream.Resharding.Status == StreamStatus.Active && Problem(stream, step, _slots) is { } problem)
                {
                    LeaveOut(step, $"{problem}.");
                    return;
                }
                Perform(_api, stream, step);
                return;
            }
            catch (ServiceException refused) when (refused.PassesWithTime)
            {
                await Task.Delay(RetryWait, _scheduler.Clock);
            }
            catch (ServiceException refused)
            {
                LeaveOut(step, refused.Message);
                return;
            }
        }
    }

    private void LeaveOut(ReshardStep step, string why) =>
        _warnings.Add($"At {XmlConvert.ToString(step.At)} of the run: {step} was refused and left out; {why}");

    /// <summary>Why a step would give a stream more shards than the slots allow; null when it would not.</summary>
    public static string? Problem(DataStream stream, ReshardStep step, SlotRule? slots) => step.Operation switch
    {
        ReshardOperation.Split => slots?.Problem(stream.Open.Count + 1),
        ReshardOperation.Scale => slots?.Problem(step.Count),
        _ => null,
    };

    /// <summary>Does a step at once.</summary>
    /// <exception cref="ServiceException">The API refuses it.</exception>
    public static void Perform(StreamApi api, DataStream stream, ReshardStep step)
    {
        switch (step.Operation)
        {
            case ReshardOperation.Split:
                var key = step.NewStartingHashKey ?? stream.Find(step.Shard!).Range.Middle;
                api.SplitShard(stream.Name, step.Shard!, key.ToString(CultureInfo.InvariantCulture));
                break;
            case ReshardOperation.Merge:
                api.MergeShards(stream.Name, step.Shard!, step.AdjacentShard!);
                break;
            default:
                api.UpdateShardCount(stream.Name, step.Count);
                break;
        }
    }
}
