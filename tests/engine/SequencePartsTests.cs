using CsCheck;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

public sealed class SequencePartsTests
{
    [Fact]
    public void The_parts_of_a_counter_s_numbers_are_read_back_and_make_the_same_number() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 100_000], Gen.Long[0, long.MaxValue - 1], Gen.Int[0, 100_000])
            .Sample((created, shard, counter, later) =>
            {
                var createdAt = DateTimeOffset.FromUnixTimeSeconds(created);
                var digits = new byte[SequenceCounter.Digits];
                new SequenceCounter(createdAt, shard, counter).Write(createdAt.AddSeconds(later), digits);
                var text = new SequenceNumber(digits).ToString();
                Assert.True(SequenceParts.TryParse(text, out var parts));
                Assert.Equal(new SequenceParts(created, shard, counter, (long)created + later), parts);
                Assert.Equal(text, parts.ToString());
            });
}
