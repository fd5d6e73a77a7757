using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Engine;

using Xunit;

namespace Pipeline.Tests.Runs;

/// <summary>What holds of any run, whatever breaks meanwhile; judged from the files alone.</summary>
internal static class RunLaws
{
    /// <summary>Checks every law against the input.</summary>
    public static void Check(byte[] input, RunSummary summary, RunOutput output)
    {
        var lines = LinesOf(input);
        Assert.Equal(lines.Count, summary.Input.Lines);
        Assert.True(summary.Accounting.Balanced, "The accounting does not balance.");
        Assert.Equal(0, summary.Accounting.InFlight);
        Assert.Equal(0, summary.Accounting.DeadLettered);
        var archived = output.Archived().ToList();
        var badRows = output.BadRows().ToList();
        var positions = archived.Select(a => RunOutput.Member(a.Line, "rawposition"))
            .Concat(badRows.Select(row => row.GetProperty("rawposition").GetString()!)).ToList();
        Assert.Equal(lines.Count, positions.Distinct().Count());
        Assert.Equal(positions.Count - lines.Count, summary.Accounting.Redelivered);
        CheckBadRows(lines, badRows);
        CheckOrderPerKey(lines, archived);
    }

    /// <summary>Every bad line is kept byte for byte, and no other line is rejected.</summary>
    private static void CheckBadRows(List<byte[]> lines, List<JsonElement> rows)
    {
        var kept = rows.DistinctBy(row => row.GetProperty("rawposition").GetString())
            .Select(row => Convert.ToHexString(row.GetProperty("payload").GetBytesFromBase64()));
        var bad = lines.Where(line => !IsGood(line)).Select(Convert.ToHexString);
        Assert.Equal(bad.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// In each partition of the archive, the first copies of a key's events stand in the order of the input, none
    /// missing.
    /// </summary>
    private static void CheckOrderPerKey(List<byte[]> lines, List<(string Date, byte[] Line)> archived)
    {
        var expected = lines.Where(IsGood).GroupBy(KeyOf).ToDictionary(
            group => group.Key, group => group.Select(line => RunOutput.Member(line, "id")).ToList());
        var found = archived.DistinctBy(a => RunOutput.Member(a.Line, "rawposition"))
            .GroupBy(a => KeyOf(a.Line))
            .ToDictionary(group => group.Key, group => group.ToList());
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, events) in found)
        {
            Assert.Equal(expected[key].Count, events.Count);
            foreach (var partition in events.GroupBy(e => e.Date))
            {
                var ids = partition.Select(e => RunOutput.Member(e.Line, "id")).ToList();
                var inOrder = expected[key].Where(id => ids.Contains(id)).ToList();
                Assert.Equal(inOrder, ids);
            }
        }
    }

    private static string KeyOf(byte[] line) => PartitionKeyRule.KeyOf(line);

    /// <summary>
    /// Whether the pipeline is to accept a line: decided by its own rules, which have tests of their own.
    /// </summary>
    private static bool IsGood(byte[] line) => Judge.Value!.Apply(new Core.Record(
        line, Encoding.UTF8.GetBytes(Convert.ToHexString(MD5.HashData(line))),
        new Position("s", SequenceNumber.Parse("1"), 0), default))
        .Kind == OutcomeKind.Emit;

    // A filter is one thread's, and tests run beside each other.
    private static readonly ThreadLocal<IRecordFilter> Judge = new(() => new Pipeline.Functions.Validate.ValidateEvent(
        Pipeline.Functions.Adapters.ConfigFolder.Open(new Pipeline.Functions.Settings(
            "test", new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = AppContext.BaseDirectory })).Schemas(),
        Pipeline.Functions.Validate.UnknownType.Reject));

    private static List<byte[]> LinesOf(byte[] input)
    {
        var lines = new List<byte[]>();
        for (var start = 0; start < input.Length;)
        {
            var length = input.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? input.Length - start : length;
            lines.Add(input[start..(start + length)]);
            start += length + 1;
        }
        return lines;
    }
}
