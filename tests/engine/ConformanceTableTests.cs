using System.Reflection;
using System.Text.RegularExpressions;
using Pipeline.Tests.Aws;
using Xunit;

namespace Pipeline.Tests.Engine;

/// <summary>docs/engine.md says which test holds which rule of AWS; the tests say the same.</summary>
public sealed partial class ConformanceTableTests
{
    private const string Rule = "Rule";
    private const string NotHonoured = "not honoured: ";

    private static readonly List<Row> s_rows =
        [.. File.ReadLines(Repository.PathOf("docs", "engine.md")).Select(Row.Read).OfType<Row>()];

    /// <summary>The tests that carry rules, by class and method.</summary>
    private static readonly SortedDictionary<string, string[]> s_tests = new(
        typeof(ConformanceTableTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Select(method => (Name: $"{method.DeclaringType!.Name}.{method.Name}", Rules: RulesOf(method)))
            .Where(test => test.Rules.Length > 0)
            .ToDictionary(test => test.Name, test => test.Rules),
        StringComparer.Ordinal);

    [Fact]
    public void Every_kind_of_rule_is_in_the_table() => Assert.Equal(
        ["firehose", "functions", "mapping", "objects", "queue-mapping", "queues", "schedules", "streams"],
        s_rows.Select(row => row.Id.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_rule_stands_in_the_table_once() =>
        Assert.Empty(s_rows.GroupBy(row => row.Id).Where(rows => rows.Count() > 1).Select(rows => rows.Key));

    [Fact]
    public void A_rule_has_its_words_and_its_page_and_a_test_or_a_reason() => Assert.Empty(
        from row in s_rows
        where row.Says.Length == 0 || row.Page.Length == 0 || (row.Tests.Count == 0 && row.Reason.Length == 0)
        select row.Id);

    [Fact]
    public void Every_test_that_the_table_names_is_there_and_carries_the_rule() => Assert.Empty(
        from row in s_rows
        from test in row.Tests
        where !s_tests.GetValueOrDefault(test, []).Contains(row.Id)
        select $"{row.Id}: {test}");

    [Fact]
    public void Every_rule_that_a_test_carries_names_it_in_the_table() => Assert.Empty(
        from test in s_tests
        from rule in test.Value
        where s_rows.Find(row => row.Id == rule)?.Tests.Contains(test.Key) != true
        select $"{rule}: {test.Key}");

    [Fact]
    public void Rules_stand_on_tests_and_not_on_classes_where_the_table_would_miss_them() => Assert.Empty(
        from type in typeof(ConformanceTableTests).Assembly.GetTypes()
        where type.GetCustomAttributes<TraitAttribute>().Any(trait => trait.Name == Rule)
        select type.Name);

    [Theory]
    [InlineData("| `a.b` | Says it | A page | `C.M`<br>`D.N` |", "a.b|Says it|A page||C.M D.N")]
    [InlineData("| `a.b` | Says `it` | A page | not honoured: because |", "a.b|Says `it`|A page|because|")]
    [InlineData("| `a.b` | It | A page | not honoured: no<br>`C.M` |", "a.b|It|A page|no|C.M")]
    [InlineData("| `a.b` | It | A page |  |", "a.b|It|A page||")]
    [InlineData("| rule | says | AWS page | held by |", null)]
    [InlineData("| `engine` | is | not | a rule |", null)]
    [InlineData("| what | choice |", null)]
    [InlineData("", null)]
    public void A_row_is_read(string line, string? expected) => Assert.Equal(
        expected,
        Row.Read(line) is { } row
            ? $"{row.Id}|{row.Says}|{row.Page}|{row.Reason}|{string.Join(' ', row.Tests)}"
            : null);

    private static string[] RulesOf(MethodInfo method) =>
    [
        .. from trait in method.GetCustomAttributes<TraitAttribute>()
            where trait.Name == Rule
            select trait.Value,
    ];

    /// <summary>A line of the table.</summary>
    private sealed partial record Row(string Id, string Says, string Page, string Reason, IReadOnlyList<string> Tests)
    {
        /// <summary>Reads a line; null when it is none of the table.</summary>
        public static Row? Read(string line)
        {
            var match = Form().Match(line);
            if (!match.Success)
            {
                return null;
            }
            var parts = match.Groups["held"].Value.Trim().Split("<br>");
            var refused = parts[0].StartsWith(NotHonoured, StringComparison.Ordinal);
            return new Row(
                match.Groups["id"].Value, match.Groups["says"].Value.Trim(), match.Groups["page"].Value.Trim(),
                refused ? parts[0][NotHonoured.Length..].Trim() : "",
                [.. parts.Skip(refused ? 1 : 0).Select(part => part.Trim().Trim('`')).Where(part => part.Length > 0)]);
        }

        [GeneratedRegex(@"\A\| `(?<id>[a-z-]+\.[a-z0-9-]+)` \|(?<says>[^|]*)\|(?<page>[^|]*)\|(?<held>[^|]*)\|\z")]
        private static partial Regex Form();
    }
}
