using Pipeline.Core;
using Pipeline.Engine.Storage;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Time;

namespace Pipeline.Engine;

/// <summary>Opens the streams of a saved state, to look at their shards or change them while nothing runs.</summary>
/// <remarks>The clock moves on by the time that the change takes; the next run goes on from there.</remarks>
public sealed class SavedResharding(EngineState state, EngineFiles files)
{
    private readonly Scheduler _scheduler = new(state.Clock);

    /// <summary>Opens a stream by its name, or by its name in the template.</summary>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public DataStream Open(string name)
    {
        var saved = state.Streams.Find(stream => stream.Model.Name == name)
            ?? state.Streams.Find(stream => stream.Model.LogicalId == name)
            ?? throw new ConfigurationException(
                $"there is no stream '{name}'; there are "
                + $"{string.Join(", ", state.Streams.Select(stream => stream.Model.LogicalId))}.");
        return new DataStream(saved.Model, new StreamLogs(files), _scheduler, new EngineSettings(), saved);
    }

    /// <summary>Changes a stream's shards, and answers the state after it.</summary>
    /// <exception cref="ServiceException">The API would refuse it.</exception>
    /// <exception cref="ConfigurationException">The slots of the functions are too few for it.</exception>
    public EngineState Perform(DataStream stream, ReshardStep step)
    {
        if (ReshardSchedule.Problem(stream, step, state.Slots) is { } problem)
        {
            throw new ConfigurationException($"nothing was changed: {problem}.");
        }
        ReshardSchedule.Perform(new StreamApi([stream], _scheduler), stream, step);
        _scheduler.RunUntilIdle();
        return state with
        {
            Clock = _scheduler.Now,
            Streams = [.. state.Streams.Select(
                other => other.Model.Name == stream.Name ? stream.Save() : other)],
        };
    }
}
