using System.Text;
using CsCheck;
using Pipeline.Engine.Accounting;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>The ledger: every raw position once, by the first class that fits; and repeated events.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly OutputFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Seen.None, "lost")]
    [InlineData(Seen.InFlight, "inFlight")]
    [InlineData(Seen.DeadLettered, "deadLettered")]
    [InlineData(Seen.DeadLettered | Seen.InFlight, "deadLettered")]
    [InlineData(Seen.Rejected, "rejected")]
    [InlineData(Seen.Rejected | Seen.DeadLettered | Seen.InFlight, "rejected")]
    [InlineData(Seen.Archived, "archived")]
    [InlineData(Seen.Archived | Seen.Rejected | Seen.DeadLettered | Seen.InFlight, "archived")]
    public void A_delivery_has_the_first_class_that_fits(Seen seen, string expected)
    {
        var ledger = new Ledger();
        ledger.Enter(0, 0, 1);
        // In the reverse order of precedence, so that the order of marks does not decide.
        foreach (var one in new[] { Seen.InFlight, Seen.DeadLettered, Seen.Rejected, Seen.Archived })
        {
            if (seen.HasFlag(one))
            {
                ledger.Mark(new RawPosition(0, 0, 0), one);
            }
        }
        var sums = ledger.Sum();
        var found = new[]
        {
            ("archived", sums.Archived), ("rejected", sums.Rejected), ("deadLettered", sums.DeadLettered),
            ("inFlight", sums.InFlight), ("lost", sums.Lost),
        };
        Assert.Equal([(expected, 1)], found.Where(sum => sum.Item2 > 0));
    }

    [Fact]
    public void Copies_in_the_archive_and_among_bad_rows_beyond_the_first_are_redelivered()
    {
        var ledger = new Ledger();
        ledger.Enter(0, 0, 3);
        var first = new RawPosition(0, 0, 0);
        Assert.True(ledger.Mark(first, Seen.Archived));
        Assert.False(ledger.Mark(first, Seen.Archived));
        Assert.True(ledger.Mark(first, Seen.Rejected));
        ledger.Mark(first, Seen.DeadLettered);
        ledger.Mark(first, Seen.InFlight);
        Assert.True(ledger.Mark(new RawPosition(0, 0, 2), Seen.Rejected));
        Assert.False(ledger.Mark(new RawPosition(0, 0, 2), Seen.Rejected));
        Assert.Equal(3, ledger.Redelivered);
    }

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(0, 1, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(1, 0, 0)]
    public void A_position_that_never_entered_counts_nowhere(int shard, long counter, int index)
    {
        var ledger = new Ledger();
        ledger.Enter(0, 0, 2);
        Assert.False(ledger.Mark(new RawPosition(shard, counter, index), Seen.Archived));
        Assert.Equal(new LedgerSums(0, 0, 0, 0, 2), ledger.Sum());
    }

    [Fact]
    public void A_ledger_agrees_with_a_plain_dictionary_also_after_being_saved() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 3], Gen.Int[1, 5]).List[1, 200],
            Gen.Select(Gen.Int[0, 199], Gen.Int[0, 4], Gen.Int[0, 3])
                .List[0, 400])
            .Sample((records, marks) =>
            {
                using var folder = new OutputFolder();
                var (ledger, model, places) = Fill(records);
                long redelivered = 0;
                for (var i = 0; i < marks.Count; i++)
                {
                    var (record, index, bit) = marks[i];
                    var seen = (Seen)(1 << bit);
                    var position = places[record % places.Count] with { Index = index };
                    ledger.Mark(position, seen);
                    if (model.TryGetValue(position, out var known))
                    {
                        const Seen stored = Seen.Archived | Seen.Rejected;
                        redelivered += (seen & stored) != 0 && (known & stored) != 0 ? 1 : 0;
                        model[position] = known | seen;
                    }
                    if (i == marks.Count / 2)
                    {
                        var files = folder.EngineFiles;
                        ledger.Save(files);
                        ledger = new Ledger();
                        ledger.Restore(files);
                    }
                }
                Assert.Equal(Sums(model.Values), ledger.Sum());
                Assert.Equal(redelivered, ledger.Redelivered);
                ledger.ClearInFlight();
                Assert.Equal(Sums(model.Values.Select(seen => seen & ~Seen.InFlight)), ledger.Sum());
            });

    [Fact]
    public void Repeated_events_are_counted_exactly() =>
        Gen.String[Gen.Char["ab"], 0, 6].List[0, 500].Sample(identities =>
        {
            using var folder = new OutputFolder();
            var count = new IdentityCount(folder.EngineFiles);
            var seen = new HashSet<string>();
            long repeats = 0;
            foreach (var identity in identities)
            {
                count.Add(Encoding.UTF8.GetBytes(identity));
                repeats += seen.Add(identity) ? 0 : 1;
            }
            Assert.Equal(repeats, count.CountRepeats());
            // Asking changes nothing, and whoever goes on in the directory knows what was noted before.
            Assert.Equal(repeats, count.CountRepeats());
            var later = new IdentityCount(folder.EngineFiles);
            later.Add("c"u8);
            later.Add("c"u8);
            Assert.Equal(repeats + 1, later.CountRepeats());
        });

    [Fact]
    public void Repeats_are_counted_beyond_what_memory_holds_at_a_time()
    {
        var count = new IdentityCount(_folder.EngineFiles);
        for (var i = 0; i < 200_000; i++)
        {
            count.Add(BitConverter.GetBytes(i % 150_000));
        }
        Assert.Equal(50_000, count.CountRepeats());
    }

    [Theory]
    [InlineData("3:49590338271490256608559692538361571095921575989136588898:7", true)]
    [InlineData("", false)]
    [InlineData("3:49590338271490256608559692538361571095921575989136588898", false)]
    [InlineData("x:49590338271490256608559692538361571095921575989136588898:7", false)]
    [InlineData("3:4959033827149025660855969253836157109592157598913658889:7", false)]
    [InlineData("3:49590338271490256608559692538361571095921575989136588898:-7", false)]
    [InlineData("-3:49590338271490256608559692538361571095921575989136588898:7", false)]
    [InlineData("3::7", false)]
    public void A_raw_position_is_read_from_its_compact_text_only(string text, bool expected)
    {
        Assert.Equal(expected, RawPosition.TryParse(Encoding.UTF8.GetBytes(text), out var position));
        Assert.Equal(expected ? (3, 7) : (0, 0), (position.Shard, position.Index));
    }

    private static (Ledger Ledger, Dictionary<RawPosition, Seen> Model, List<RawPosition> Places) Fill(
        List<(int Shard, int Events)> records)
    {
        var ledger = new Ledger();
        var model = new Dictionary<RawPosition, Seen>();
        var places = new List<RawPosition>();
        var counters = new long[4];
        foreach (var (shard, events) in records)
        {
            ledger.Enter(shard, counters[shard], events);
            places.Add(new RawPosition(shard, counters[shard], 0));
            for (var i = 0; i < events; i++)
            {
                model.Add(new RawPosition(shard, counters[shard], i), Seen.None);
            }
            counters[shard]++;
        }
        return (ledger, model, places);
    }

    private static LedgerSums Sums(IEnumerable<Seen> deliveries)
    {
        var classes = deliveries.Select(seen => (Seen)((int)seen & -(int)seen)).ToLookup(seen => seen);
        long Count(Seen seen) => classes[seen].LongCount();
        return new LedgerSums(
            Count(Seen.Archived), Count(Seen.Rejected), Count(Seen.DeadLettered), Count(Seen.InFlight),
            Count(Seen.None));
    }
}
