using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Schemas;

public class TextFormatTests
{
    [Theory]
    [InlineData("ipv4", "0.0.0.0")]
    [InlineData("ipv4", "255.255.255.255")]
    [InlineData("ipv6", "::")]
    [InlineData("ipv6", "::1")]
    [InlineData("ipv6", "1::")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8")]
    [InlineData("ipv6", "1:2:3:4:5:6:7::")]
    [InlineData("ipv6", "::2:3:4:5:6:7:8")]
    [InlineData("ipv6", "2001:DB8::00ff:1")]
    [InlineData("ipv6", "::ffff:192.0.2.1")]
    [InlineData("ipv6", "1:2:3:4:5:6:192.0.2.1")]
    [InlineData("uri", "http://example.com")]
    [InlineData("uri", "https://user:pw@example.com:8080/a/b;c?q=1&r=%20#frag")]
    [InlineData("uri", "http://[::1]:80/")]
    [InlineData("uri", "http://[v1.x:y]/")]
    [InlineData("uri", "urn:isbn:0451450523")]
    [InlineData("uri", "mailto:a@example.com")]
    [InlineData("uri", "file:///etc/hosts")]
    [InlineData("uri", "a:")]
    [InlineData("uri", "http://example.com:/")]
    [InlineData("date-time", "0000-01-01T00:00:00Z")]
    [InlineData("date-time", "1998-12-31T15:59:60.123-08:00")]
    [InlineData("date", "2024-02-29")]
    [InlineData("time", "23:59:60Z")]
    [InlineData("time", "01:29:60.5+01:30")]
    [InlineData("duration", "P1Y2M3DT4H5M6S")]
    [InlineData("duration", "P3W")]
    [InlineData("uri-reference", "../a?b#c")]
    [InlineData("email", "\"a b\"@[IPv6:::1]")]
    [InlineData("hostname", "a-1.example")]
    [InlineData("uuid", "0123ABCD-0000-1111-2222-abcdefabcdef")]
    [InlineData("json-pointer", "/a~1b/~0")]
    [InlineData("regex", "^(?<y>[\\d-]{2,}|\\p{Lu}+?)(?!a)\\k<y>$")]
    public void Texts_of_the_format_are_valid(string format, string text) => Assert.True(Is(format, text));

    [Theory]
    [InlineData("ipv4", "")]
    [InlineData("ipv4", "1.2.3")]
    [InlineData("ipv4", "1.2.3.4.5")]
    [InlineData("ipv4", "1.2.3.4.")]
    [InlineData("ipv4", "256.0.0.1")]
    [InlineData("ipv4", "1.2.3.04")]
    [InlineData("ipv4", "1.2..4")]
    [InlineData("ipv4", "1.2.3.a")]
    [InlineData("ipv4", "0x7f.0.0.1")]
    [InlineData("ipv4", "1.2.3.4 ")]
    [InlineData("ipv6", "")]
    [InlineData("ipv6", ":")]
    [InlineData("ipv6", ":::")]
    [InlineData("ipv6", "1::2::3")]
    [InlineData("ipv6", "1:2:3:4:5:6:7")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8:9")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8::")]
    [InlineData("ipv6", "12345::")]
    [InlineData("ipv6", "::g")]
    [InlineData("ipv6", "fe80::1%eth0")]
    [InlineData("ipv6", "[::1]")]
    [InlineData("ipv6", "1.2.3.4::")]
    [InlineData("ipv6", "::1.2.3.4:5")]
    [InlineData("ipv6", "1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("uri", "")]
    [InlineData("uri", "/relative")]
    [InlineData("uri", "//example.com")]
    [InlineData("uri", "1http://example.com")]
    [InlineData("uri", "http://exa mple.com")]
    [InlineData("uri", "http://example.com/é")]
    [InlineData("uri", "http://example.com/%2")]
    [InlineData("uri", "http://example.com/%zz")]
    [InlineData("uri", "http://example.com:80a/")]
    [InlineData("uri", "http://[::1/")]
    [InlineData("uri", "http://[1.2.3.4]/")]
    [InlineData("uri", "http://a@b@c/")]
    [InlineData("uri", "http://example.com/#a#b")]
    [InlineData("uri", "http://example.com/\\")]
    [InlineData("uri", "http://example.com/[x]")]
    [InlineData("date-time", "2026-01-01")]
    [InlineData("date", "2023-02-29")]
    [InlineData("time", "23:58:60Z")]
    [InlineData("time", "12:00:00")]
    [InlineData("duration", "P1Y1D")]
    [InlineData("duration", "PT")]
    [InlineData("uri-reference", "a:b c")]
    [InlineData("uri-reference", "1:b")]
    [InlineData("email", "a..b@example.com")]
    [InlineData("hostname", "a_b")]
    [InlineData("uuid", "0123ABCD00001111-2222-abcdefabcdef")]
    [InlineData("json-pointer", "/~2")]
    [InlineData("regex", "[z-a]")]
    [InlineData("regex", "a{2,1}")]
    [InlineData("regex", "(a")]
    [InlineData("regex", "\\a")]
    public void Other_texts_are_not(string format, string text) => Assert.False(Is(format, text));

    [Fact]
    public void Any_bytes_are_judged()
    {
        var bytes = Gen.OneOf(
            Gen.Byte.Array[0, 40],
            Gen.Char["P1YMDTHS:-+.Zz@[]{}()\\|^$*?<>=!ukpcx09afF,/~#% \""].Array[0, 40]
                .Select(Encoding.ASCII.GetBytes));
        bytes.Sample(
            text =>
            {
                foreach (var format in TextFormats.ByName.Values)
                {
                    var answer = TextFormats.Is(format, text);
                    Assert.Equal(answer, TextFormats.Is(format, [.. text]));
                }
            },
            iter: 20_000);
    }

    private static bool Is(string format, string text) =>
        TextFormats.Is(TextFormats.ByName[format], Encoding.UTF8.GetBytes(text));
}
