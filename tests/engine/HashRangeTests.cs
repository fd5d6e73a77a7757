using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Pipeline.Engine.Streams;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>Hash keys and the shards' shares of them.</summary>
public sealed class HashRangeTests
{
    [Fact]
    [Trait("Rule", "streams.hash-ranges")]
    public void The_ranges_of_n_shards_cover_every_hash_key_once()
    {
        foreach (var shards in Enumerable.Range(1, 300).Concat([1000, 1024, 4095, 4096, 4097, 9973, 10_000]))
        {
            Assert.Equal((UInt128)0, HashRange.Of(0, shards).First);
            for (var i = 1; i < shards; i++)
            {
                Assert.Equal(HashRange.Of(i - 1, shards).Last + 1, HashRange.Of(i, shards).First);
            }
            Assert.Equal(UInt128.MaxValue, HashRange.Of(shards - 1, shards).Last);
        }
    }

    [Fact]
    [Trait("Rule", "streams.hash-ranges")]
    public void Every_range_but_the_last_is_as_wide_as_2_to_the_128_divided_by_n_rounded_down()
    {
        for (var shards = 2; shards <= 10_000; shards++)
        {
            var range = HashRange.Of(0, shards);
            Assert.Equal(BigInteger.Pow(2, 128) / shards, (BigInteger)(range.Last - range.First) + 1);
        }
    }

    [Fact]
    [Trait("Rule", "streams.hash-ranges")]
    public void A_hash_key_lies_in_one_range() => Gen.Select(Gen.Int[1, 10_000], Gen.ULong, Gen.ULong).Sample(
        (shards, high, low) =>
        {
            var key = new UInt128(high, low);
            var index = (int)UInt128.Min(key / HashRange.Of(0, shards).Last, (UInt128)(shards - 1));
            var near = Enumerable.Range(index - 1, 3).Where(i => i >= 0 && i < shards);
            Assert.Single(near, i => HashRange.Of(i, shards).Contains(key));
        });

    [Fact]
    [Trait("Rule", "streams.md5-routing")]
    public void The_hash_key_of_a_partition_key_is_its_MD5_as_a_big_endian_number() =>
        Gen.String[Gen.Char.AlphaNumeric, 1, 256].Sample(key =>
        {
#pragma warning disable CA5351 // Kinesis defines the hash.
            var hash = MD5.HashData(Encoding.UTF8.GetBytes(key));
            var expected = new BigInteger(hash, isUnsigned: true, isBigEndian: true);
#pragma warning restore CA5351
            Assert.Equal(expected, HashKey.Of(key));
        });

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1")]
    [InlineData("340282366920938463463374607431768211455", "340282366920938463463374607431768211455")]
    [InlineData("340282366920938463463374607431768211456", null)]
    [InlineData("", null)]
    [InlineData("00", null)]
    [InlineData("01", null)]
    [InlineData("-1", null)]
    [InlineData("+1", null)]
    [InlineData(" 1", null)]
    [InlineData("1\0", null)]
    [InlineData("1.0", null)]
    [InlineData("0x1", null)]
    [InlineData("١", null)]
    [Trait("Rule", "streams.explicit-hash-key")]
    public void An_explicit_hash_key_is_a_decimal_number_below_2_to_the_128(string text, string? expected)
    {
        Assert.Equal(expected is not null, HashKey.TryParse(text, out var hashKey));
        if (expected is not null)
        {
            Assert.Equal(UInt128.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), hashKey);
        }
    }
}
