using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Packs;

public sealed class SlotsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(127)]
    [InlineData(65_535)]
    [InlineData(131_072)]
    [InlineData(int.MinValue)]
    public void A_count_that_is_no_power_of_two_in_range_is_refused(int count)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new Slots(count));
        const string Sentence = "The number of slots must be a power of two from 1 to 65536.";
        Assert.StartsWith(Sentence, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(128)]
    [InlineData(65_536)]
    public void A_keys_slot_is_the_top_bits_of_its_MD5(int count)
    {
        var slots = new Slots(count);
        var bits = (int)Math.Log2(count);
        Span<byte> digest = stackalloc byte[16];
        for (var length = 0; length <= 300; length++)
        {
            var key = Encoding.UTF8.GetBytes(new string('k', length));
            MD5.HashData(key, digest);
            var top = (int)(BinaryPrimitives.ReadUInt32BigEndian(digest) >> 1 >> (31 - bits));
            Assert.Equal(top, slots.SlotOf(key));
        }
    }

    [Fact]
    public void A_key_lies_between_the_first_hash_keys_of_its_slot_and_the_next() =>
        Gen.Select(Gen.String, Gen.Int[0, 16]).Sample((key, bits) =>
        {
            var slots = new Slots(1 << bits);
            var utf8 = Encoding.UTF8.GetBytes(key);
            var slot = slots.SlotOf(utf8);
            var hash = BinaryPrimitives.ReadUInt128BigEndian(MD5.HashData(utf8));
            Assert.True(hash >= slots.FirstHashKey(slot));
            Assert.True(slot == slots.Count - 1 || hash < slots.FirstHashKey(slot + 1));
        });

    [Theory]
    [InlineData(1, 0, "0")]
    [InlineData(2, 1, "170141183460469231731687303715884105728")]
    [InlineData(128, 1, "2658455991569831745807614120560689152")]
    [InlineData(128, 127, "337623910929368631717566993311207522304")]
    [InlineData(65_536, 65_535, "340277174624079928635746076935438991360")]
    public void A_hash_key_is_the_decimal_text_of_the_slots_start(int count, int slot, string text)
    {
        var slots = new Slots(count);
        Assert.Equal(text, slots.HashKeyText(slot));
        Assert.Equal(UInt128.Parse(text, CultureInfo.InvariantCulture), slots.FirstHashKey(slot));
        Assert.Equal(slot.ToString(CultureInfo.InvariantCulture), slots.Name(slot));
        Assert.Same(slots.HashKeyText(slot), slots.HashKeyText(slot));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(128)]
    public void A_slot_out_of_range_is_refused(int slot)
    {
        var slots = new Slots(128);
        Assert.Throws<ArgumentOutOfRangeException>(() => slots.HashKeyText(slot));
        Assert.Throws<ArgumentOutOfRangeException>(() => slots.Name(slot));
        Assert.Throws<ArgumentOutOfRangeException>(() => slots.FirstHashKey(slot));
    }
}
