using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

public class DataPathTests
{
    private const string Json =
        """
        {"x":{"y":1},"data":{"skip":[{"ip":0},"}"],"ip" : "1.2.3.4" ,"a.b":{"c\\d":true},"n\u00e9":null,
         "list":[{"z":1}],"deep":{"e":{"r":[2]}}},"severitynumber":21}
        """;

    [Theory]
    [InlineData("data.ip", "\"1.2.3.4\"")]
    [InlineData("severitynumber", "21")]
    [InlineData("x.y", "1")]
    [InlineData("x", """{"y":1}""")]
    [InlineData("data.né", "null")]
    [InlineData("data.deep.e.r", "[2]")]
    [InlineData(@"data.a\.b.c\\d", "true")]
    public void A_value_is_found_as_it_is_written(string path, string expected)
    {
        Assert.True(DataPath.Parse(path).TryFind(Sample.Read(Json).Event, out var value));
        Assert.Equal(expected, Encoding.UTF8.GetString(value));
    }

    [Theory]
    [InlineData("data.IP")]
    [InlineData("y")]
    [InlineData("data.a.b")]
    [InlineData("data.list.z")]
    [InlineData("data.ip.x")]
    [InlineData("severitynumber.x")]
    [InlineData("subject")]
    [InlineData("subject.x")]
    [InlineData("data.skip.ip")]
    public void What_is_not_there_is_not_found(string path)
    {
        Assert.False(DataPath.Parse(path).TryFind(Sample.Read(Json).Event, out var value));
        Assert.True(value.IsEmpty);
    }

    [Theory]
    [InlineData("", "has an empty name at character 0")]
    [InlineData(".", "has an empty name at character 0")]
    [InlineData("data.", "has an empty name at character 5")]
    [InlineData("data..ip", "has an empty name at character 5")]
    [InlineData(@"data.a\b", @"has a backslash that is not followed by '.' or '\' at character 6")]
    [InlineData(@"data\", @"has a backslash that is not followed by '.' or '\' at character 4")]
    public void A_malformed_path_is_told_with_its_place(string path, string expected)
    {
        var problem = Assert.Throws<FormatException>(() => DataPath.Parse(path)).Message;
        Assert.StartsWith($"the path '{path}' {expected}; allowed are", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_no_deeper_than_an_event()
    {
        Assert.True(DataPath.TryParse(string.Join('.', Enumerable.Repeat("a", 64)), out _, out _));
        Assert.False(DataPath.TryParse(string.Join('.', Enumerable.Repeat("a", 65)), out var path, out var problem));
        Assert.Null(path);
        Assert.Contains("more than 64 names", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_is_shown_as_it_was_written() =>
        Assert.Equal(@"data.a\.b", DataPath.Parse(@"data.a\.b").ToString());
}
