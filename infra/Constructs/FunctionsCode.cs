using System.Diagnostics;
using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// The one artifact that all functions share: the published <c>functions</c> project, or a placeholder.
/// </summary>
public static class FunctionsCode
{
    /// <summary>The folder that holds <c>cdk.json</c>, above this assembly.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The code for the stack's functions; published before when it is not the placeholder.</summary>
    public static Code For(StackOptions options) => options.Code == StackOptions.CodeNone
        ? Code.FromAsset(Path.Combine(RepositoryRoot, "infra", "placeholder"), new Amazon.CDK.AWS.S3.Assets.AssetOptions
        {
            // Fixed, so that the template is the same on every machine.
            AssetHashType = AssetHashType.CUSTOM,
            AssetHash = "placeholder",
        })
        : Code.FromAsset(Publication.Of(options).Folder);

    /// <summary>Publishes the functions for the runtime and the architecture of the options.</summary>
    /// <remarks>
    /// It is done here and not by the <c>build</c> command of <c>cdk.json</c>, because that one is not told the
    /// context: it could not know that <c>-c code=none</c> asks for no build.
    /// </remarks>
    /// <returns>Null, or one sentence that says what went wrong.</returns>
    public static string? Publish(StackOptions options) =>
        Publication.Of(options).Error ?? Publication.Of(options).Refusal;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "cdk.json")))
            {
                return folder.FullName;
            }
        }

        throw new UnreachableException($"No cdk.json above {AppContext.BaseDirectory}.");
    }
}
