using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3;
using Pipeline.Functions.Adapters;
using Pipeline.Tests.Infra;
using Pipeline.Tests.Processes;
using Xunit;

namespace Pipeline.Tests.Deployment;

/// <summary>The stack as the CDK's command line deployed it, and the functions' code as it was uploaded.</summary>
/// <remarks>
/// What moto's CloudFormation does not know is left out: alarms and the dashboard, and, by its own doing, policies of
/// buckets and queues and the delivery stream. Readers share the streams, since it knows no consumers.
/// </remarks>
internal sealed class DeployedStack : IAsyncDisposable
{
    private static readonly string[] s_unknown = [MonitoringLaws.AlarmType, "AWS::CloudWatch::Dashboard"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-deployment-");
    private readonly Dictionary<string, (string Folder, string Sha256)> _code = new(StringComparer.Ordinal);

    private DeployedStack(Moto aws) => Aws = aws;

    public Moto Aws { get; }

    /// <summary>What was deployed.</summary>
    public Infra.Template Template { get; private set; } = null!;

    /// <summary>The functions as Lambda lists them, by their logical ids.</summary>
    public IReadOnlyDictionary<string, JsonElement> Functions { get; private set; } = null!;

    /// <summary>The mappings as Lambda lists them.</summary>
    public IReadOnlyList<JsonElement> Mappings { get; private set; } = null!;

    /// <summary>Bootstraps an account and deploys the stack to it.</summary>
    public static async Task<DeployedStack> DeployAsync()
    {
        InfraMachine.NeedsCdk();
        _ = PublishedFunctions.Native();
        var stack = new DeployedStack(await Moto.StartAsync());
        try
        {
            var assembly = stack.Synthesize();
            stack.Cdk("bootstrap", $"aws://{Moto.Account}/{Moto.Region}");
            stack.Cdk("deploy", "--app", assembly, "--require-approval", "never");
            await stack.ListAsync();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public AmazonS3Client CreateObjects() => new(
        "test", "test", S3Bucket.Configure(new AmazonS3Config
        {
            ServiceURL = Aws.Address.ToString(),
            AuthenticationRegion = Moto.Region,
            ForcePathStyle = true,
        }));

    /// <summary>The folder of a function's code, unpacked from where the deployment put it, and its hash.</summary>
    public async Task<(string Folder, string Sha256)> CodeAsync(string function)
    {
        var key = Template[function]["Code", "S3Key"]!;
        if (_code.TryGetValue(key, out var code))
        {
            return code;
        }
        using var objects = CreateObjects();
        // The bucket's name holds the account and the region of whoever deploys.
        var bucket = $"cdk-hnb659fds-assets-{Moto.Account}-{Moto.Region}";
        using var answer = await objects.GetObjectAsync(bucket, key);
        using var zip = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(zip);
        var sha256 = Convert.ToBase64String(SHA256.HashData(zip.GetBuffer().AsSpan(0, (int)zip.Length)));
        var folder = Path.Combine(_folder.FullName, "code", key);
        ZipFile.ExtractToDirectory(zip, folder);
        _code.Add(key, code = (folder, sha256));
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await Aws.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string Synthesize()
    {
        var assembly = Path.Combine(_folder.FullName, "assembly");
        var context = PublishedFunctions.NativeContext;
        context["fanout"] = "shared";
        Assert.Null(Pipeline.Infra.Program.Synthesize(assembly, context));
        var file = Pipeline.Infra.Program.TemplateIn(assembly);
        var root = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach (var unknown in new Infra.Template(root).Resources.Where(resource => s_unknown.Contains(resource.Type)))
        {
            root["Resources"]!.AsObject().Remove(unknown.Id);
        }
        foreach (var mapping in new Infra.Template(root).OfType("AWS::Lambda::EventSourceMapping"))
        {
            // moto would invoke functions itself, in containers: the tests do it.
            mapping.Properties["Enabled"] = false;
        }
        File.WriteAllText(file, root.ToJsonString());
        Template = new Infra.Template(root);
        return assembly;
    }

    private void Cdk(params IEnumerable<string> arguments)
    {
        // Where there is no cdk.json: the app is named, or there is none.
        var (exitCode, output, error) = InfraMachine.Run(
            "node", [InfraMachine.CdkCommand, .. arguments, "--no-notices"], _folder.FullName, Aws.Environment);
        Assert.True(exitCode == 0, output + error);
    }

    private async Task ListAsync()
    {
        var functions = await Aws.GetAsync("lambda", "/2015-03-31/functions/");
        Functions = functions.GetProperty(nameof(Functions)).EnumerateArray().ToDictionary(
            function => Template.OfType("AWS::Lambda::Function").Single(
                resource => function.GetProperty("FunctionName").GetString()!.Contains(
                    $"-{resource.Id}-", StringComparison.Ordinal)).Id);
        var mappings = await Aws.GetAsync("lambda", "/2015-03-31/event-source-mappings/");
        Mappings = [.. mappings.GetProperty("EventSourceMappings").EnumerateArray()];
    }
}
