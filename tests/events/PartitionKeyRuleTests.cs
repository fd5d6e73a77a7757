using System.Security.Cryptography;
using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

public class PartitionKeyRuleTests
{
    private const string ByHash = "hash";

    [Theory]
    [InlineData("""{"partitionkey":"p","subject":"s","source":"o"}""", "p")]
    [InlineData("""{"source":"o","subject":"s"}""", "s")]
    [InlineData("""{"source":"o"}""", "o")]
    [InlineData("""{"partitionkey":"","subject":7,"source":"o"}""", "o")]
    [InlineData("""{"partitionkey":null,"subject":"s"}""", "s")]
    [InlineData("""{"partition\u006bey":"\u00e9\ud83d\ude00"}""", "é😀")]
    [InlineData("""  {"subject":"s"}  """, "s")]
    [InlineData("""{"data":{"subject":"s"}}""", ByHash)]
    [InlineData("""{"partitionkey":"p","subject":"s"}x""", ByHash)]
    [InlineData("""{"partitionkey":"p","partitionkey":"q"}""", ByHash)]
    [InlineData("""["partitionkey","p"]""", ByHash)]
    [InlineData("not JSON", ByHash)]
    [InlineData("", ByHash)]
    [InlineData("{}", ByHash)]
    public void The_first_usable_attribute_is_the_key_else_the_hash_of_the_line(string line, string expected) =>
        AssertKey(expected, Encoding.UTF8.GetBytes(line));

    [Fact]
    public void A_line_that_is_not_UTF8_goes_by_its_hash() =>
        AssertKey(ByHash, [.. "{\"subject\":\""u8, 0xFF, .. "\"}"u8]);

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("😀")]
    [InlineData("\\u00e9")]
    [InlineData("\\ud83d\\ude00")]
    public void A_key_has_up_to_256_characters(string character)
    {
        var fits = string.Concat(Enumerable.Repeat(character, 256));
        var key = System.Text.Json.JsonSerializer.Deserialize<string>($"\"{fits}\"")!;
        AssertKey(key, Encoding.UTF8.GetBytes($$"""{"subject":"{{fits}}","source":"o"}"""));
        AssertKey("o", Encoding.UTF8.GetBytes($$"""{"subject":"{{fits}}{{character}}","source":"o"}"""));
    }

    [Fact]
    public void The_hash_is_MD5_in_lower_case_digits() =>
        Assert.Equal("5d41402abc4b2a76b9719d911017c592", PartitionKeyRule.KeyOf("hello"u8));

    private static void AssertKey(string expected, byte[] line)
    {
#pragma warning disable CA5351 // The rule is made of MD5.
        var key = expected == ByHash ? Convert.ToHexStringLower(MD5.HashData(line)) : expected;
#pragma warning restore CA5351
        Assert.Equal(key, PartitionKeyRule.KeyOf(line));
        Span<byte> ofEvent = stackalloc byte[PartitionKeyRule.KeyBytesMax];
        var written = PartitionKeyRule.Write(Sample.Read(line).Event, ofEvent);
        Assert.Equal(key, Encoding.UTF8.GetString(ofEvent[..written]));
    }
}
