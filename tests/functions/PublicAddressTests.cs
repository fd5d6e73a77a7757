using System.Net;
using System.Text;
using CsCheck;
using Pipeline.Functions.Adapters;
using Xunit;

namespace Pipeline.Tests.Functions;

/// <summary>Sources of the ranges: the IANA IPv4 and IPv6 special-purpose address registries.</summary>
public class PublicAddressTests
{
    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2A00:1450:4001:0:0:0:0:1")]
    [InlineData("3FFE:FFFF::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::FFFF:808:808")]
    public void A_public_address_is_read_as_dotnet_reads_it(string text)
    {
        Assert.True(PublicAddress.TryParse(Quoted(text), out var address));

        var expected = IPAddress.Parse(text);
        Assert.Equal(
            expected.IsIPv4MappedToIPv6 ? expected.MapToIPv4() : expected, PublicAddress.ToIPAddress(address));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.255.255.255")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.255")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.0")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:c0a8:1")]
    [InlineData("64:ff9b::808:808")]
    [InlineData("100::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:ffff:ffff::")]
    [InlineData("2001:2::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:2f:ffff::1")]
    [InlineData("3fff::1")]
    [InlineData("3fff:0fff:ffff::")]
    [InlineData("5f00::1")]
    public void A_private_or_reserved_address_is_not_read(string text)
    {
        Assert.True(IPAddress.TryParse(text, out _));
        Assert.False(PublicAddress.TryParse(Quoted(text), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("8.8.8")]
    [InlineData("8.8.8.8.8")]
    [InlineData("8.8.8.")]
    [InlineData(".8.8.8.8")]
    [InlineData("8.8..8")]
    [InlineData("8.8.8.256")]
    [InlineData("8.8.8.1000")]
    [InlineData("08.8.8.8")]
    [InlineData("8.8.8.0x8")]
    [InlineData("134744072")]
    [InlineData("8.8.8.8 ")]
    [InlineData(" 8.8.8.8")]
    [InlineData("8.8.8.8:80")]
    [InlineData("8.8.8.8/32")]
    [InlineData("-8.8.8.8")]
    [InlineData("٨.8.8.8")]
    [InlineData("localhost")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("2001:4860::8888::1")]
    [InlineData("2001:4860:4860:0:0:0:0:0:8888")]
    [InlineData("2001:4860:4860:0:0:0:8888")]
    [InlineData("2001:48600::1")]
    [InlineData("2001:4860::g")]
    [InlineData("2001:4860::8888%1")]
    [InlineData("[2001:4860::8888]")]
    [InlineData("[2001:4860::8888]:80")]
    [InlineData("2001:4860::8888/64")]
    [InlineData("::ffff:8.8.8")]
    [InlineData("2001:4860:0000:0000:0000:0000:0000:000000000008888")]
    public void What_is_no_address_is_not_read(string text) =>
        Assert.False(PublicAddress.TryParse(Quoted(text), out _));

    [Theory]
    [InlineData("8888")]
    [InlineData("8.8.8.8")]
    [InlineData("null")]
    [InlineData("[\"8.8.8.8\"]")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("")]
    public void Only_a_string_holds_an_address(string json) =>
        Assert.False(PublicAddress.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Any_address_that_is_read_is_the_one_that_was_written() => Gen.Byte.Array[4].Sample(bytes =>
    {
        var address = new IPAddress(bytes);
        if (PublicAddress.TryParse(Quoted(address.ToString()), out var read))
        {
            Assert.Equal(address, PublicAddress.ToIPAddress(read));
        }
        Assert.Equal(
            PublicAddress.TryParse(Quoted(address.ToString()), out var v4),
            PublicAddress.TryParse(Quoted(address.MapToIPv6().ToString()), out var v6));
        Assert.Equal(v4, v6);
    });

    [Fact]
    public void Any_bytes_are_read_or_not_without_an_exception() => Gen.Byte[(byte)'.', (byte)':'].Array[0, 60]
        .Sample(bytes => PublicAddress.TryParse([(byte)'"', .. bytes, (byte)'"'], out var address)
            ? IPAddress.TryParse(Encoding.ASCII.GetString(bytes), out _) && address != default
            : true);

    private static byte[] Quoted(string text) => Encoding.UTF8.GetBytes($"\"{text}\"");
}
