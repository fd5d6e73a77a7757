using Pipeline.Cli.Generate;
using Pipeline.Engine.Simulation;

namespace Pipeline.Cli.Simulate;

/// <summary>Makes the lines of a simulation's load: sample events, some of them under one hot partition key.</summary>
public static class SimulatedLoad
{
    private static readonly byte[] s_hotKey = "\"partitionkey\":\"hot\","u8.ToArray();

    /// <summary>Generates the lines; equal loads are equal bytes.</summary>
    public static byte[] Generate(Load load)
    {
        using var lines = new MemoryStream();
        EventGenerator.Write(
            new GenerateOptions(load.Events)
            {
                Seed = load.Seed,
                Rate = load.Rate,
                BadRate = load.BadRate,
                DuplicateRate = load.DuplicateRate,
                Disorder = load.Disorder,
            },
            lines);
        return load.HotKeyShare > 0 ? Heat(lines.ToArray(), load) : lines.ToArray();
    }

    /// <summary>Gives a share of the events the hot key; a repeated event has the key of the first.</summary>
    private static byte[] Heat(byte[] lines, Load load)
    {
        using var heated = new MemoryStream(lines.Length + (load.Events * s_hotKey.Length));
        for (var rest = lines.AsSpan(); rest.Length > 0;)
        {
            var line = rest[..(rest.IndexOf((byte)'\n') + 1)];
            rest = rest[line.Length..];
            if (line.StartsWith("{\""u8) && line.IndexOf("\"partitionkey\""u8) < 0 && IsChosen(line, load))
            {
                heated.Write("{"u8);
                heated.Write(s_hotKey);
                line = line[1..];
            }
            heated.Write(line);
        }
        return heated.ToArray();
    }

    private static bool IsChosen(ReadOnlySpan<byte> line, Load load)
    {
        var sum = unchecked((uint)load.Seed);
        foreach (var b in line)
        {
            sum = unchecked((sum ^ b) * 16777619u);
        }
        return sum < load.HotKeyShare * uint.MaxValue;
    }
}
