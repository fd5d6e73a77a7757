using CsCheck;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

/// <summary>Names from outside as segments of object keys.</summary>
public sealed class ObjectKeyTests
{
    [Theory]
    [InlineData("checkout", "checkout")]
    [InlineData("a-b_c-9", "a-b_c-9")]
    [InlineData("Checkout", "%43heckout")]
    [InlineData("a/b", "a%2fb")]
    [InlineData("..", "%2e%2e")]
    [InlineData("a.json", "a%2ejson")]
    [InlineData("50%", "50%25")]
    [InlineData("a~b", "a%7eb")]
    [InlineData("é\n\0", "%c3%a9%0a%00")]
    [InlineData(" ", "%20")]
    public void A_segment_is_the_text_with_all_that_is_not_plain_encoded(string text, string segment) =>
        Assert.Equal(segment, ObjectKey.Segment(text));

    [Fact]
    public void A_long_text_is_cut_and_ends_with_its_hash()
    {
        Assert.Equal(new string('a', 100), ObjectKey.Segment(new string('a', 100)));
        var segment = ObjectKey.Segment(new string('a', 101));
        Assert.StartsWith(new string('a', 60) + "~", segment, StringComparison.Ordinal);
        Assert.Equal(93, segment.Length);
        Assert.NotEqual(segment, ObjectKey.Segment(new string('a', 102)));
        Assert.DoesNotContain("%4~", ObjectKey.Segment(new string('A', 101)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_texts_never_have_one_segment_even_where_case_is_ignored()
    {
        var texts = Gen.String[Gen.Char["aAbB%~2.é/"], 1, 60];
        Gen.Select(texts, texts).Sample((left, right) => Assert.Equal(
            left == right,
            string.Equals(
                ObjectKey.Segment(left), ObjectKey.Segment(right), StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Any_text_is_a_short_segment_of_safe_characters() =>
        Gen.String[Gen.Char['\0', '\uD7FF'], 1, 300].Sample(text =>
        {
            var segment = ObjectKey.Segment(text);
            Assert.InRange(segment.Length, 1, ObjectKey.SegmentBytesMax);
            Assert.Matches("^[a-z0-9_~%-]+$", segment);
        });

    [Fact]
    public void What_is_no_text_has_no_segment()
    {
        Assert.ThrowsAny<ArgumentException>(() => ObjectKey.Segment(""));
        Assert.ThrowsAny<ArgumentException>(() => ObjectKey.Segment("\uD800"));
    }
}
