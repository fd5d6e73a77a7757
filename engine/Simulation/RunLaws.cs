using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Pipeline.Functions;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Validate;

namespace Pipeline.Engine.Simulation;

/// <summary>What holds of any run, whatever breaks meanwhile; judged from the input and the files alone.</summary>
public sealed class RunLaws
{
    private static readonly string[] s_keepers = ["Validate", "Enrich"];

    private readonly ValidateEvent _validate;

    /// <param name="taskRoot">The folder with the configuration that the run had.</param>
    /// <exception cref="ConfigurationException">The configuration is wrong.</exception>
    public RunLaws(string taskRoot)
    {
        var settings = new Settings("laws", new Dictionary<string, string> { ["LAMBDA_TASK_ROOT"] = taskRoot });
        var config = ConfigFolder.Open(settings);
        _validate = new ValidateEvent(config.Schemas(), config.Pipeline().UnknownType);
    }

    /// <summary>Checks every law against the input.</summary>
    /// <param name="gaveUp">Whether the run's mappings may have given events up as dead letters.</param>
    /// <exception cref="BrokenLawException">One does not hold.</exception>
    public void Check(byte[] input, RunSummary summary, RunOutput output, bool gaveUp = false)
    {
        var lines = LinesOf(input);
        Law.Same(lines.Count, summary.Input.Lines, "The input is what was played.");
        Law.Holds(summary.Accounting.Balanced, "The accounting balances.", $"{summary.Accounting}");
        Law.Same(0, summary.Accounting.InFlight, "Nothing is in flight at the end.");
        var archived = output.Archived().ToList();
        var badRows = output.BadRows().ToList();
        var dead = output.DeadLetters()
            .Where(letter => s_keepers.Any(name => letter.FunctionArn.EndsWith($":{name}", StringComparison.Ordinal)))
            .DistinctBy(letter => letter.RawPosition).ToList();
        Law.Holds(gaveUp || dead.Count == 0, "Nothing is given up.", $"{dead.Count} events were.");
        var kept = archived.Select(line => RunOutput.Member(line.Line, "rawposition"))
            .Concat(badRows.Select(row => row.GetProperty("rawposition").GetString()!)).ToList();
        var stored = kept.ToHashSet(StringComparer.Ordinal);
        Law.Same(kept.Count - stored.Count, summary.Accounting.Redelivered, "Copies are counted.");
        Law.Same(
            dead.Count(letter => !stored.Contains(letter.RawPosition)), summary.Accounting.DeadLettered,
            "Dead letters are counted.");
        stored.UnionWith(dead.Select(letter => letter.RawPosition));
        Law.Same(lines.Count, stored.Count, "Every line is archived, a bad row or a dead letter.");
        CheckBadRows(lines, badRows, dead);
        CheckOrderPerKey(lines, archived, dead);
    }

    /// <summary>Every bad line is kept byte for byte, and no other line is rejected.</summary>
    private void CheckBadRows(List<byte[]> lines, List<JsonElement> rows, List<DeadLetter> dead)
    {
        var missing = lines.Where(line => !IsGood(line)).Select(Convert.ToHexString)
            .CountBy(line => line).ToDictionary();
        foreach (var row in rows.DistinctBy(row => row.GetProperty("rawposition").GetString()))
        {
            var payload = Convert.ToHexString(row.GetProperty("payload").GetBytesFromBase64());
            Law.Holds(
                Take(missing, payload), "Only bad lines are rejected, each as it came and once.", row.ToString());
        }
        foreach (var letter in dead)
        {
            Take(missing, Convert.ToHexString(letter.Line));
        }
        Law.Same(0, missing.Values.Sum(), "Every bad line is a bad row or a dead letter.");
    }

    /// <summary>
    /// In each partition of the archive, the first copies of a key's events stand in the order of the input, none
    /// missing but dead letters.
    /// </summary>
    private void CheckOrderPerKey(
        List<byte[]> lines, List<(string Date, byte[] Line)> archived, List<DeadLetter> dead)
    {
        var expected = lines.Where(IsGood).GroupBy(KeyOf).ToDictionary(
            group => group.Key, group => group.Select(line => RunOutput.Member(line, "id")).ToList());
        var missing = expected.ToDictionary(group => group.Key, group => group.Value.CountBy(id => id).ToDictionary());
        var given = dead.Select(letter => letter.RawPosition).ToHashSet(StringComparer.Ordinal);
        var first = archived.DistinctBy(line => RunOutput.Member(line.Line, "rawposition"));
        foreach (var key in first.GroupBy(line => KeyOf(line.Line)))
        {
            foreach (var (_, line) in key)
            {
                Law.Holds(
                    missing.TryGetValue(key.Key, out var ids) && Take(ids, RunOutput.Member(line, "id")),
                    "What is archived came in.", Encoding.UTF8.GetString(line));
            }
            foreach (var partition in key.GroupBy(line => line.Date))
            {
                // A copy of one that was given up may come at any time: it has no order.
                var ordered = partition.Where(line => !given.Contains(RunOutput.Member(line.Line, "rawposition")));
                CheckOrder(key.Key, expected[key.Key], ordered.Select(line => RunOutput.Member(line.Line, "id")));
            }
        }
        foreach (var letter in dead.Where(letter => IsGood(letter.Line)))
        {
            var key = KeyOf(letter.Line);
            _ = missing.TryGetValue(key, out var ids) && Take(ids, RunOutput.Member(letter.Line, "id"));
        }
        Law.Same(0, missing.Values.Sum(ids => ids.Values.Sum()), "Every good line is archived or a dead letter.");
    }

    private static void CheckOrder(string key, List<string> expected, IEnumerable<string> found)
    {
        var next = 0;
        foreach (var id in found)
        {
            next = expected.IndexOf(id, next) + 1;
            Law.Holds(
                next > 0, "The archive keeps the order of each key.", $"Of the key '{key}', {id} comes too late.");
        }
    }

    private static bool Take(Dictionary<string, int> counts, string item)
    {
        var left = counts.GetValueOrDefault(item);
        if (left > 0)
        {
            counts[item] = left - 1;
        }
        return left > 0;
    }

    private static string KeyOf(byte[] line) => PartitionKeyRule.KeyOf(line);

    /// <summary>
    /// Whether the pipeline is to accept a line: decided by its own rules, which have tests of their own.
    /// </summary>
    private bool IsGood(byte[] line) => _validate.Apply(new Record(
        line, Encoding.UTF8.GetBytes(Convert.ToHexString(SHA256.HashData(line))),
        new Position("s", SequenceNumber.Parse("1"), 0), default))
        .Kind == OutcomeKind.Emit;

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
