using System.ComponentModel;
using Xunit;

namespace Pipeline.Tests.Infra;

/// <summary>The template before CloudFormation's own linter, which knows each resource's schema.</summary>
public sealed class LinterTests
{
    [Fact]
    public void Cfn_lint_finds_nothing_in_the_template()
    {
        // W3005: the CDK names dependencies that a reference implies already.
        var (exitCode, output, error) = Lint(
            "--regions", "us-east-1", "eu-central-1", "ap-northeast-1", "--ignore-checks", "W3005", "--",
            InfraMachine.CommittedTemplate);
        Assert.True(exitCode == 0, output + error);
    }

    private static (int ExitCode, string Output, string Error) Lint(params string[] arguments)
    {
        try
        {
            return InfraMachine.Run("cfn-lint", arguments);
        }
        catch (Win32Exception)
        {
            Assert.Skip("cfn-lint is not installed; `pip install cfn-lint` installs it.");
            throw;
        }
    }
}
