using System.Numerics;
using System.Text;
using CsCheck;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Sequence numbers: 56 digits, increasing in a shard, unique in a stream.</summary>
public sealed class SequenceCounterTests
{
    [Fact]
    public void A_sequence_number_has_56_digits_and_the_documented_form() =>
        Gen.Select(
            Gen.Long[1_000_000_000, 4_000_000_000], Gen.Int[0, 9_999], Gen.Long[0, long.MaxValue - 1],
            Gen.Long[0, 100_000])
            .Sample((created, shard, next, later) =>
            {
                var counter = new SequenceCounter(Time(created), shard, next);
                var text = Next(counter, created + later);

                Assert.Equal(56, text.Length);
                var expected = $"2{created:x9}{shard & 15:x1}{next:x16}00{created + later:x9}{shard:x8}2";
                Assert.Equal(expected, BigInteger.Parse(text).ToString("x").TrimStart('0'));
            });

    [Fact]
    [Trait("Rule", "streams.sequence-numbers")]
    public void Sequence_numbers_increase_within_a_shard_whatever_the_time_between() =>
        Gen.Select(Gen.Int[0, 20], Gen.Long[0, 1L << 40], Gen.Int[0, 5_000].List[2, 50]).Sample((shard, next, waits) =>
        {
            var now = Bed.Start.ToUnixTimeSeconds();
            var counter = new SequenceCounter(Bed.Start, shard, next);
            var last = BigInteger.Zero;
            foreach (var wait in waits)
            {
                now += wait;
                var number = BigInteger.Parse(Next(counter, now));
                Assert.True(number > last);
                last = number;
            }
        });

    [Fact]
    [Trait("Rule", "streams.sequence-numbers")]
    public void Sequence_numbers_are_unique_in_a_stream()
    {
        var seen = new HashSet<string>();
        for (var shard = 0; shard < 40; shard++)
        {
            var counter = new SequenceCounter(Bed.Start, shard);
            for (var i = 0; i < 100; i++)
            {
                Assert.True(seen.Add(Next(counter, Bed.Start.ToUnixTimeSeconds() + (i / 10))));
            }
        }
    }

    [Fact]
    public void A_counter_that_goes_on_after_a_pause_writes_what_it_would_have_written_without_it() =>
        Gen.Int[1, 200].Sample(records =>
        {
            var whole = new SequenceCounter(Bed.Start, 3);
            for (var i = 0; i < records; i++)
            {
                Next(whole, Bed.Start.ToUnixTimeSeconds() + i);
            }
            var resumed = new SequenceCounter(Bed.Start, 3, whole.Next);
            var now = Bed.Start.ToUnixTimeSeconds() + records;
            Assert.Equal(Next(whole, now), Next(resumed, now));
        });

    [Fact]
    public void The_counter_is_read_back_from_a_sequence_number() =>
        Gen.Select(Gen.Long[1_000_000_000, 4_000_000_000], Gen.Int[0, 9_999], Gen.Long[0, long.MaxValue - 1]).Sample(
            (created, shard, next) =>
            {
                var text = Next(new SequenceCounter(Time(created), shard, next), created + 5);
                Assert.True(SequenceCounter.TryReadCounter(Encoding.ASCII.GetBytes(text), out var counter));
                Assert.Equal(next, counter);
            });

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("4959033827149025660855969253836157109592157598913658889")]
    [InlineData("495903382714902566085596925383615710959215759891365888981")]
    [InlineData("4959033827149025660855969253836157109592157598913658889x")]
    [InlineData("-9590338271490256608559692538361571095921575989136588898")]
    [InlineData("4959033827149025660 559692538361571095921575989136588898")]
    public void No_counter_is_read_from_other_text(string text) =>
        Assert.False(SequenceCounter.TryReadCounter(Encoding.ASCII.GetBytes(text), out _));

    private static DateTimeOffset Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static string Next(SequenceCounter counter, long seconds)
    {
        Span<byte> text = stackalloc byte[SequenceCounter.Digits];
        counter.Write(Time(seconds), text);
        return Encoding.ASCII.GetString(text);
    }
}
