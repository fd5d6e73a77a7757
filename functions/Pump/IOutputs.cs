using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>Where the outputs of a run go: gathered as the filter decides, sent together.</summary>
/// <remarks>Records are named by their index in the batch and added in its order.</remarks>
public interface IOutputs
{
    /// <summary>Bytes gathered since the last <see cref="Clear"/>.</summary>
    long Bytes { get; }

    /// <summary>Entries sent again since the last call of <see cref="SendAsync"/> began.</summary>
    int Retries { get; }

    /// <summary>
    /// The events whose outputs the receiver will never take, as bad rows that stand in for them; known once they are
    /// sent, valid until <see cref="Clear"/>.
    /// </summary>
    IReadOnlyList<(int Record, BadRow Row)> Refused { get; }

    /// <summary>Forgets everything, for the next run.</summary>
    void Clear();

    /// <summary>Adds what an event of a record emits or requests.</summary>
    /// <exception cref="NotSupportedException">Outputs of this kind do not go here: a defect of the filter.</exception>
    void Add(int record, in Outcome outcome);

    /// <summary>Takes back what came of a record and of those after it.</summary>
    void TakeBack(int record);

    /// <summary>Sends everything, or as much as the deadline allows.</summary>
    /// <param name="end">The record after the last one of the run.</param>
    /// <returns>
    /// The lowest record with an output that was not accepted; <paramref name="end"/> when there is none.
    /// </returns>
    ValueTask<int> SendAsync(int end, Deadline deadline, CancellationToken cancellation);

    /// <summary>How many outputs came of records before this one; those refused do not count.</summary>
    int CountBefore(int record);
}
