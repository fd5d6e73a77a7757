using System.Text;
using Pipeline.Cli;
using Pipeline.Cli.Generate;
using Xunit;

namespace Pipeline.Tests.Generate;

public class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("gen")]
    [InlineData("gen --help")]
    [InlineData("--bogus")]
    [InlineData("generate")]
    [InlineData("generate --events")]
    [InlineData("generate --events=")]
    [InlineData("generate --events x")]
    [InlineData("generate --events 1.5")]
    [InlineData("generate --events -1")]
    [InlineData("generate --events 99999999999999999999")]
    [InlineData("generate --events 1 2")]
    [InlineData("generate --events 1 --events 2")]
    [InlineData("generate --events 1 --bogus")]
    [InlineData("generate --events 1 --bogus 3 --seed x")]
    [InlineData("generate --events 1 --seed -1")]
    [InlineData("generate --events 1 --rate 0")]
    [InlineData("generate --events 1 --rate NaN")]
    [InlineData("generate --events 1 --bad-rate 1.1")]
    [InlineData("generate --events 1 --bad-rate 2%")]
    [InlineData("generate --events 1 --duplicate-rate -0.1")]
    [InlineData("generate --events 1 --bad-rate 0.6 --duplicate-rate 0.6")]
    [InlineData("generate --events 1 --disorder 20")]
    [InlineData("generate --events 1 --disorder 25h")]
    [InlineData("generate --events 1 --start yesterday")]
    [InlineData("generate --events 1 --start 2026-01-05T08:00:00")]
    [InlineData("generate --events 1 --start 9999-01-05T08:00:00Z")]
    [InlineData("generate --events 1000000000000 --rate 0.001")]
    [InlineData("generate --events 1 --output")]
    [InlineData("generate --events 1 --output --seed")]
    public void Wrong_usage_ends_with_2_and_one_sentence(string line)
    {
        (int code, byte[] output, string error) = Run(line);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Matches(@"^pipeline( generate)?: [^\r\n]+\.\r?\n$", error);
    }

    [Theory]
    [InlineData("generate --events x", "'x'")]
    [InlineData("generate --events 1 --bogus 3", "'--bogus'")]
    [InlineData("generate --events 1 --disorder 20", "--disorder")]
    [InlineData("gen", "'gen'")]
    public void The_sentence_names_what_is_wrong(string line, string named) =>
        Assert.Contains(named, Run(line).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("--help", "generate")]
    [InlineData("generate --help", "--duplicate-rate")]
    [InlineData("generate -h", "--start")]
    public void Help_is_everywhere(string line, string named)
    {
        (int code, byte[] output, string error) = Run(line);

        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Contains(named, Encoding.UTF8.GetString(output), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_reach_the_generator()
    {
        (int code, byte[] output, string error) = Run(
            "generate --events 400 --seed 9 --rate 12.5 --bad-rate .1 --duplicate-rate 0.2 --disorder PT5S"
            + " --start 2025-02-28T23:59:59.5-05:00");

        Assert.Equal(0, code);
        Assert.Empty(error);
        Assert.Equal(
            Generated.Bytes(new GenerateOptions(400)
            {
                Seed = 9,
                Rate = 12.5,
                BadRate = 0.1,
                DuplicateRate = 0.2,
                Disorder = TimeSpan.FromSeconds(5),
                Start = new DateTimeOffset(2025, 3, 1, 4, 59, 59, 500, TimeSpan.Zero),
            }),
            output);
    }

    [Fact]
    public void A_file_gets_what_standard_output_would_and_replaces_what_was_there()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, new string('x', 100_000));

            (int code, byte[] output, _) = Run("generate", "--events", "50", "--output", file);

            Assert.Equal(0, code);
            Assert.Empty(output);
            Assert.Equal(Run("generate --events 50").Output, File.ReadAllBytes(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_ends_with_1_and_one_sentence()
    {
        (int code, _, string error) = Run("generate", "--events", "1", "--output", Path.GetTempPath());

        Assert.Equal(1, code);
        Assert.Matches(@"^pipeline: cannot write [^\r\n]+\r?\n$", error);
    }

    [Fact]
    public void Progress_is_shown_to_someone_who_watches_a_file_being_written()
    {
        string file = Path.GetTempFileName();
        try
        {
            using var error = new StringWriter();
            var terminal = new Terminal(Stream.Null, error, Interactive: true);
            Program.Run(["generate", "--events", "1000", "--output", file], terminal);

            Assert.Equal($"\r1,000 of 1,000 events{Environment.NewLine}", error.ToString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (int Code, byte[] Output, string Error) Run(string line) =>
        Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static (int Code, byte[] Output, string Error) Run(params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        int code = Program.Run(arguments, new Terminal(output, error, Interactive: false));
        return (code, output.ToArray(), error.ToString());
    }
}
