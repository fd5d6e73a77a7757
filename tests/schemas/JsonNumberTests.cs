using System.Globalization;
using System.Numerics;
using System.Text;
using CsCheck;
using Pipeline.Core.Json;
using Xunit;

namespace Pipeline.Tests.Schemas;

public class JsonNumberTests
{
    private static readonly Gen<string> Numbers = Gen.Select(
        Gen.OneOf("", "-"),
        Gen.OneOf(
            Gen.OneOf("0", "1", "10", "99", "123456789012345678901234567890"), Gen.ULong.Select(value => Text(value))),
        Gen.OneOf("", ".0", ".5", ".50", ".05", ".000", ".0100", ".999999999999999999999"),
        Gen.OneOf(
            Gen.Const(""), Gen.Int[-40, 40].Select(value => "e" + Text(value)), Gen.OneOf("E+007", "e-0", "e+00")),
        (sign, whole, fraction, exponent) => sign + whole + fraction + exponent);

    [Fact]
    public void Numbers_compare_as_exact_fractions_do() =>
        Gen.Select(Numbers, Numbers).Sample(
            (left, right) => Math.Sign(Compare(left, right)) == Scaled(left).CompareTo(Scaled(right)), iter: 50_000);

    [Fact]
    public void Integers_are_those_without_a_fraction() =>
        Numbers.Sample(
            text => new JsonNumber(Encoding.ASCII.GetBytes(text)).IsInteger == (Scaled(text) % Unit == 0),
            iter: 50_000);

    [Theory]
    [InlineData("1e400", "1e399", 1)]
    [InlineData("-1e400", "1e-400", -1)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", 1)]
    [InlineData("0.1e99999999999999999999", "1e99999999999999999998", 0)]
    [InlineData("1e-99999999999999999999", "1e-99999999999999999998", -1)]
    [InlineData("1e99999999999999999999", "1e-99999999999999999999", 1)]
    [InlineData("0e99999999999999999999", "-0", 0)]
    [InlineData("-1e99999999999999999999", "-1e100000000000000000000", 1)]
    [InlineData("1e100000000000000000000", "10e99999999999999999999", 0)]
    [InlineData("0.30000000000000004", "0.3", 1)]
    [InlineData("1000000000000000000", "999999999999999999", 1)]
    public void Enormous_numbers_compare_exactly(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(Compare(left, right)));
        Assert.Equal(-order, Math.Sign(Compare(right, left)));
    }

    private static readonly BigInteger Unit = BigInteger.Pow(10, 80);

    private static int Compare(string left, string right) =>
        JsonNumber.Compare(Encoding.ASCII.GetBytes(left), Encoding.ASCII.GetBytes(right));

    // The number times 10^80, which is an integer for every number generated here.
    private static BigInteger Scaled(string text)
    {
        var parts = text.ToUpperInvariant().Split('E');
        var exponent = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(parts[0].Replace(".", ""), CultureInfo.InvariantCulture);
        var scale = point < 0 ? 0 : parts[0].Length - point - 1;
        return digits * BigInteger.Pow(10, 80 + exponent - scale);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
