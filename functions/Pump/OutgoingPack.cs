using Pipeline.Core;

namespace Pipeline.Functions.Pump;

/// <summary>A Kinesis record about to be put: its slot, and the lowest input record with an event in it.</summary>
public readonly record struct OutgoingPack(PutEntry Entry, int Slot, int LowestRecord);
