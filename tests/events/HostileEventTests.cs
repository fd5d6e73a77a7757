using System.Text;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Events;

public class HostileEventTests
{
    [Fact]
    public void Nesting_up_to_the_limit_is_read_and_one_more_is_too_deep()
    {
        // The event and its data are two levels.
        var arrays = Limits.EventDepthMax - 2;
        Sample.Good(Sample.WithData(new string('[', arrays) + new string(']', arrays)));
        var tooDeep = new string('[', arrays + 1) + new string(']', arrays + 1);
        var (reason, errors, _) = Sample.Read(Sample.WithData(tooDeep));
        Assert.Equal(RejectReason.TooDeep, reason);
        Assert.StartsWith("nested deeper than 64 levels at", Assert.Single(errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 3_000)]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 3_000)]
    [InlineData("[{\"a\":", 100_000)]
    [InlineData("[[[ ", 1_000)]
    public void Endless_nesting_is_too_deep(string opening, int times) =>
        Assert.Equal(
            RejectReason.TooDeep, Sample.Read(string.Concat(Enumerable.Repeat(opening, times))).Reason);

    [Theory]
    [InlineData("k{0}")]
    [InlineData("same-head-and-length-{0:D6}-same-tail")]
    [InlineData("\\u006b{0}")]
    public void An_object_of_very_many_members_is_read(string name)
    {
        var format = CompositeFormat.Parse(name);
        string Name(int index) => string.Format(null, format, index);
        var members = Enumerable.Range(0, 100_000).Select(index => $"\"{Name(index)}\":{index}");
        var text = "{" + string.Join(',', members);
        Sample.Good(Sample.WithData(text + "}"));
        var (reason, errors, _) = Sample.Read(
            Sample.WithData($"{text},\"{Name(77_777)}\":0,\"{Name(3)}\":0}}"));
        Assert.Equal(RejectReason.DuplicateName, reason);
        Assert.Equal(2, errors.Count);
        Assert.EndsWith(Name(77_777).Replace("\\u006b", "k"), errors[0].Pointer, StringComparison.Ordinal);
        Assert.EndsWith(Name(3).Replace("\\u006b", "k"), errors[1].Pointer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(200)]
    public void A_repeat_of_any_member_is_found_in_an_object_of_any_size(int count)
    {
        for (var repeated = 0; repeated < count; repeated++)
        {
            var members = Enumerable.Range(0, count).Append(repeated).Select(index => $"\"name{index}\":{{\"x\":1}}");
            var (reason, errors, _) = Sample.Read("{" + string.Join(',', members) + "}");
            Assert.Equal(RejectReason.DuplicateName, reason);
            Assert.Equal($"/name{repeated}", Assert.Single(errors).Pointer);
        }
    }

    [Fact]
    public void Names_of_outer_objects_survive_large_inner_ones()
    {
        var inner = "{" + string.Join(',', Enumerable.Range(0, 500).Select(index => $"\"n{index}\":1")) + "}";
        Sample.Good(Sample.WithData($"{{\"n1\":{inner},\"n2\":{inner},\"n3\":[{inner},{inner}]}}"));
        var (_, errors, _) = Sample.Read(Sample.WithData($"{{\"n1\":{inner},\"n2\":{inner},\"n1\":0}}"));
        Assert.Equal("/data/a/n1", Assert.Single(errors).Pointer);
    }

    [Fact]
    public void Errors_stop_at_their_limit()
    {
        var members = Enumerable.Range(0, 100).Select(index => $"\"n{index % 50}\":1");
        var (reason, errors, _) = Sample.Read("{" + string.Join(',', members) + "}");
        Assert.Equal(RejectReason.DuplicateName, reason);
        Assert.Equal(Limits.ErrorsPerRowMax, errors.Count);
    }

    [Fact]
    public void A_megabyte_of_anything_is_read()
    {
        const int Size = 1_000_000;
        Sample.Good(Sample.WithData(new string('7', Size)));
        Sample.Good(Sample.WithData("\"" + new string('x', Size) + "\""));
        Sample.Good(Sample.WithData("\"" + new string('\\', Size) + "\""));
        Sample.Good(Sample.WithData("{\"" + new string('n', Size) + "\":1}"));
        Sample.Good(Sample.WithData("{\"" + string.Concat(Enumerable.Repeat("\\u0041", Size / 6)) + "\":1}"));
        Sample.Good(Sample.WithData("[" + string.Join(',', Enumerable.Repeat("[]", Size / 3)) + "]"));
        Sample.Good(Sample.WithData(new string(' ', Size) + "1"));
        var (reason, errors, _) = Sample.Read(new string('{', 5) + new string('x', Size));
        Assert.Equal(RejectReason.InvalidJson, reason);
        Assert.True(Assert.Single(errors).Message.Length < 200);
    }

    [Fact]
    public void Pointers_to_enormous_names_stay_small()
    {
        var name = new string('n', 100_000);
        var (_, errors, _) = Sample.Read($"{{\"{name}\":1,\"{name}\":2}}");
        var error = Assert.Single(errors);
        Assert.True(error.Pointer.Length < 300);
        Assert.True(error.Message.Length < 300);
    }
}
