using System.Text;
using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Schemas;

/// <summary>The table for ASCII texts, against the general engine.</summary>
public class SchemaExpressionTests
{
    private static readonly string[] Atoms =
    [
        "a", "b", "ab", ".", "[ab]", "[^a]", "[a-c-]", "[-b]", "[\\w.]", "[^\\d\\s]", "[\\-_]", "\\d", "\\D",
        "\\w", "\\W", "\\s", "\\S", "\\.", "\\n", "\\/", "-", "é", "[é-ü]", "(a|b)", "(?:a|)", "(ab|a)", "(a*)",
        "()", "x", "_", "[[]",
    ];

    private static readonly string[] Repetitions =
        ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0}", "{1,}", "{0,2}", "{2,3}?"];

    private static readonly Gen<string> Parts = Gen.Select(
        Gen.Frequency((8, Gen.OneOf(Atoms)), (1, Gen.OneOf("^", "$"))), Gen.OneOf(Repetitions),
        (atom, repetition) => atom is "^" or "$" ? atom
            : repetition.Length > 0 && atom is "ab" ? $"({atom}){repetition}" : atom + repetition);

    private static readonly Gen<string> Sequences = Gen.Select(
        Gen.OneOf("", "^"), Parts.Array[0, 4], Gen.OneOf("", "$"),
        (start, parts, end) => start + string.Concat(parts) + end);

    private static readonly Gen<string> Expressions = Gen.OneOf(
        Sequences,
        Gen.Select(Sequences, Sequences, (left, right) => $"{left}|{right}"),
        Gen.Select(Sequences, Gen.OneOf(Repetitions), Sequences, (inner, repetition, behind) =>
            $"({inner}){repetition}{behind}"));

    private static readonly Gen<string> Texts =
        Gen.OneOf("a", "b", "c", "x", "1", " ", ".", "-", "_", "\n", "\\", "[", "é", "/").Array[0, 8]
            .Select(string.Concat);

    [Fact]
    public void The_table_says_what_the_general_engine_says() =>
        Gen.Select(Expressions, Texts.Array[1, 8]).Sample((pattern, texts) =>
        {
            // A character beyond ASCII, no times, keeps the pattern from the table and changes nothing else.
            var (expression, general) = (Compile(pattern), Compile($"(?:{pattern})é{{0}}"));
            return expression is null || general is null || texts.Select(Encoding.UTF8.GetBytes).All(
                text => expression.IsMatch(text) == general.IsMatch(text));
        }, iter: 30_000);

    [Theory]
    [InlineData("^[A-Z0-9]+(-[A-Z0-9]+)*$", "KX-12-B7", true)]
    [InlineData("^[A-Z0-9]+(-[A-Z0-9]+)*$", "KX--B7", false)]
    [InlineData("^[A-Z0-9]+(-[A-Z0-9]+)*$", "KX-12-é", false)]
    [InlineData("^\\d{4}$", "0042", true)]
    [InlineData("^\\d{4}$", "00421", false)]
    [InlineData("^\\d{4}$", "٠٠٤٢", false)]
    [InlineData("^.$", "é", true)]
    [InlineData("^.$", "\n", false)]
    [InlineData("^", "any", true)]
    [InlineData("^$", "", true)]
    [InlineData("^$", "a", false)]
    [InlineData("$", "any", true)]
    [InlineData("a$b", "ab", false)]
    [InlineData("b", "éb", true)]
    [InlineData("b|é", "é", true)]
    [InlineData("(a*)*b", "aaaac", false)]
    [InlineData("^[\\w.\\-+]+@[\\w-]+$", "a-b+c@d_e-f", true)]
    [InlineData("^(?:a|b){2,3}$", "abab", false)]
    [InlineData("^a{400}$", "aaa", false)]
    [InlineData("\\bword\\b", "a word.", true)]
    [InlineData("^(a|b)*a(a|b){12}$", "abbbbbbbbbbbb", true)]
    [InlineData("^(a|b)*a(a|b){12}$", "bbbbbbbbbbbbb", false)]
    public void A_pattern_matches_where_it_should(string pattern, string text, bool isMatch) =>
        Assert.Equal(isMatch, new SchemaExpression(pattern).IsMatch(Encoding.UTF8.GetBytes(text)));

    // Refused by one engine or the other, which other tests look at.
    private static SchemaExpression? Compile(string pattern)
    {
        try
        {
            return new SchemaExpression(pattern);
        }
        catch (Exception refusal) when (refusal is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
