using Amazon.CDK;
using Pipeline.Infra.Constructs;

namespace Pipeline.Infra;

/// <summary>The CDK app: what <c>npx cdk</c> starts, and the command that refreshes the committed template.</summary>
public static class Program
{
    private const string StackName = "Pipeline";

    /// <summary>
    /// What the CDK command line would otherwise inject: with it pinned, a template is the same however it is made.
    /// </summary>
    private static readonly Dictionary<string, object> PinnedContext = new()
    {
        // No construct paths: they only repeat the logical ids.
        ["aws:cdk:enable-path-metadata"] = false,
        // `sam local invoke` finds the code by it.
        ["aws:cdk:enable-asset-metadata"] = true,
        ["aws:cdk:version-reporting"] = false,
    };

    private static int Main(string[] arguments) => arguments switch
    {
        [] => Report(Synthesize(outputFolder: null, new Dictionary<string, object>())),
        ["template", var file] => Report(WriteTemplate(file)),
        _ => Report("Use 'template FILE' to write the committed template; the CDK command line gives no arguments."),
    };

    /// <summary>
    /// Writes a cloud assembly; context of the CDK command line wins over <paramref name="context"/>.
    /// </summary>
    /// <param name="outputFolder">Where to; null for where the CDK command line said.</param>
    /// <param name="context">The options of <see cref="StackOptions"/> by name, each a string or a number.</param>
    /// <returns>Null, or one sentence that says what is wrong with the context or the build of the functions.</returns>
    public static string? Synthesize(string? outputFolder, IReadOnlyDictionary<string, object> context)
    {
        SilenceNodeWarnings();
        var app = new App(new AppProps
        {
            Outdir = outputFolder,
            Context = context.ToDictionary(),
            PostCliContext = PinnedContext,
        });
        var options = StackOptions.Read(app.Node.TryGetContext, out var error);
        if (options is null)
        {
            return error;
        }

        if (options.Code == StackOptions.CodePublish && FunctionsCode.Publish(options) is { } failure)
        {
            return failure;
        }

        _ = new PipelineStack(app, StackName, options, new StackProps
        {
            Description = "An event pipeline that loses nothing.",
            AnalyticsReporting = false,
            Synthesizer = new DefaultStackSynthesizer(new DefaultStackSynthesizerProps
            {
                // The command line checks the bootstrap version itself.
                GenerateBootstrapVersionRule = false,
            }),
        });
        app.Synth();
        return null;
    }

    /// <summary>The template's path below a folder that <see cref="Synthesize"/> wrote.</summary>
    public static string TemplateIn(string outputFolder) => Path.Combine(outputFolder, StackName + ".template.json");

    // The library's runtime greets every Node that it does not know to be current with a banner; it works on all of
    // these.
    private static void SilenceNodeWarnings()
    {
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20,22,24");
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1");
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1");
    }

    private static string? WriteTemplate(string file)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-template-");
        try
        {
            var context = new Dictionary<string, object> { ["code"] = StackOptions.CodeNone };
            var error = Synthesize(folder.FullName, context);
            if (error is null)
            {
                File.Copy(TemplateIn(folder.FullName), file, overwrite: true);
            }

            return error;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Report(string? error)
    {
        if (error is null)
        {
            return 0;
        }

        Console.Error.WriteLine(error);
        return 1;
    }
}
