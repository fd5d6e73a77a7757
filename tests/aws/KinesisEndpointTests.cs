using System.ComponentModel;
using System.Diagnostics;
using Amazon;
using Amazon.Kinesis;
using Amazon.Kinesis.Endpoints;
using Amazon.Kinesis.Model;
using Amazon.Runtime;
using Xunit;

namespace Pipeline.Tests.Aws;

/// <summary>Where requests go.</summary>
/// <remarks>Source: the endpoint rules of kinesis 2013-12-02; "Kinesis Data Streams endpoints".</remarks>
public sealed class KinesisEndpointTests
{
    private const string Configured = "http://127.0.0.1:4567/";

    [Theory]
    [InlineData("eu-central-1", false, false, "https://kinesis.eu-central-1.amazonaws.com/")]
    [InlineData("us-east-1", true, false, "https://kinesis-fips.us-east-1.amazonaws.com/")]
    [InlineData("us-east-1", false, true, "https://kinesis.us-east-1.api.aws/")]
    [InlineData("us-east-1", true, true, "https://kinesis-fips.us-east-1.api.aws/")]
    [InlineData("cn-north-1", false, false, "https://kinesis.cn-north-1.amazonaws.com.cn/")]
    [InlineData("us-gov-west-1", false, false, "https://kinesis.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", true, false, "https://kinesis.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", true, true, "https://kinesis-fips.us-gov-west-1.api.aws/")]
    [InlineData("us-iso-east-1", false, false, "https://kinesis.us-iso-east-1.c2s.ic.gov/")]
    [InlineData("eu-made-up-9", false, false, "https://kinesis.eu-made-up-9.amazonaws.com/")]
    public void A_region_has_a_host_and_others_for_FIPS_and_dual_stack(
        string region, bool fips, bool dualStack, string expected)
    {
        using var client = new AmazonKinesisClient("key", "secret", new AmazonKinesisConfig
        {
            RegionEndpoint = RegionEndpoint.GetBySystemName(region),
            UseFIPSEndpoint = fips,
            UseDualstackEndpoint = dualStack,
        });
        Assert.Equal(expected, client.DetermineServiceOperationEndpoint(new PutRecordsRequest()).URL);
    }

    [Fact]
    public async Task An_endpoint_of_one_s_own_is_used_as_it_is_and_the_region_to_sign_for_is_given_or_guessed()
    {
        foreach (var (region, expected) in new[] { ("eu-west-1", "eu-west-1"), (null, "us-east-1") })
        {
            using var script = new KinesisScript("{}", configure: config =>
                (config.ServiceURL, config.AuthenticationRegion) = (Configured, region));
            await script.Client.ListShardsAsync(new());
            var message = Assert.Single(script.Messages);
            Assert.Equal(Configured, message.RequestUri!.ToString());
            Assert.Contains($"/{expected}/kinesis/", message.Headers.GetValues("Authorization").Single(),
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(Configured, null, true, false, Configured)]
    [InlineData(Configured, "us-east-1", false, true, Configured)]
    [InlineData(null, null, false, false, "neither a region nor an endpoint")]
    public void What_fits_no_rule_is_refused_with_a_sentence(
        string? endpoint, string? region, bool fips, bool dualStack, string named)
    {
        var parameters = new KinesisEndpointParameters
        {
            Endpoint = endpoint,
            Region = region,
            UseFIPS = fips,
            UseDualStack = dualStack,
        };
        var refused = Assert.Throws<AmazonClientException>(
            () => new AmazonKinesisConfig().EndpointProvider.ResolveEndpoint(parameters));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_is_that_of_the_service()
    {
        var config = new AmazonKinesisConfig();
        Assert.Equal("Kinesis", AmazonKinesisConfig.ServiceId);
        Assert.Equal(
            ("Kinesis", "kinesis", "2013-12-02"),
            (((ClientConfig)config).ServiceId, config.RegionEndpointServiceName, config.ServiceVersion));
        Assert.Equal(
            Enum.GetValues<DefaultConfigurationMode>(),
            AmazonKinesisDefaultConfiguration.GetAllConfigurations().Select(mode => mode.Name).Order());
    }

    [Fact]
    public void A_client_of_the_service_s_interface_is_made_as_the_core_wants_it()
    {
        using var client = (IAmazonKinesis)Create<IAmazonKinesis>(new AmazonKinesisConfig
        {
            RegionEndpoint = RegionEndpoint.EUCentral1,
        });
        Assert.Equal(RegionEndpoint.EUCentral1, client.Config.RegionEndpoint);
        Assert.Throws<AmazonClientException>(() => Create<IAmazonKinesis>(new Amazon.SQS.AmazonSQSConfig()));
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_KINESIS", "AWS_ENDPOINT_URL")]
    [InlineData("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS")]
    public void An_endpoint_in_the_environment_is_used_the_service_s_own_first(string used, string other)
    {
        // The environment is the process's, so it is another process that finds it changed.
        var start = new ProcessStartInfo("dotnet", [
            typeof(KinesisEndpointTests).Assembly.Location, "-explicit", "only", "-method",
            $"{typeof(KinesisEndpointTests).FullName}.{nameof(In_that_process_it_is_the_client_s)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[used] = Configured;
        start.Environment[other] = "http://127.0.0.1:1/";
        start.Environment["AWS_REGION"] = "eu-central-1";
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0 && output.Contains("Total: 1", StringComparison.Ordinal), output);
        }
        catch (Win32Exception)
        {
            Tools.Lack("The dotnet command is not on the path.");
        }
    }

    [Fact(Explicit = true)]
    public void In_that_process_it_is_the_client_s()
    {
        using var client = new AmazonKinesisClient("key", "secret");
        Assert.Equal(Configured, client.DetermineServiceOperationEndpoint(new PutRecordsRequest()).URL);
    }

    private static IAmazonService Create<T>(ClientConfig config)
        where T : IAmazonService => T.CreateDefaultServiceClient(new AnonymousAWSCredentials(), config);
}
