using Amazon.Lambda.Core;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>A logger that knows nothing of levels still writes every message.</summary>
public sealed class LambdaLoggerTests
{
    [Fact]
    public void A_message_at_any_level_becomes_a_line()
    {
        var lines = new Lines();
        ILambdaLogger logger = lines;
        logger.LogTrace("a");
        logger.LogDebug("b");
        logger.LogInformation("c");
        logger.LogWarning("d");
        logger.LogError("e");
        logger.LogCritical("f");
        logger.Log(LogLevel.Error, "g");
        logger.Log("Information", "h");
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g", "h"], lines.Written);
    }

    [Fact]
    public void A_logger_of_its_own_levels_is_told_them_by_name()
    {
        var levels = new Levels();
        ILambdaLogger logger = levels;
        logger.LogTrace("");
        logger.LogDebug("");
        logger.LogInformation("");
        logger.LogWarning("");
        logger.LogError("");
        logger.LogCritical("");
        Assert.Equal(Enum.GetNames<LogLevel>(), levels.Written);
    }

    private sealed class Lines : ILambdaLogger
    {
        public List<string> Written { get; } = [];

        public void Log(string message) => Assert.Fail("The line would not end.");

        public void LogLine(string message) => Written.Add(message);
    }

    private sealed class Levels : ILambdaLogger
    {
        public List<string> Written { get; } = [];

        public void Log(string message) => Assert.Fail("The level would be lost.");

        public void LogLine(string message) => Assert.Fail("The level would be lost.");

        public void Log(string level, string message) => Written.Add(level);
    }
}
