using System.Collections.Concurrent;
using System.Text;

namespace Pipeline.Infra.Constructs;

/// <summary>
/// The functions as they are uploaded: a folder that <c>dotnet publish</c> made, once in this process.
/// </summary>
public sealed class Publication
{
    /// <summary>The name of the functions' assembly, by which the managed runtime finds it.</summary>
    public const string Assembly = "Pipeline.Functions";

    private const string GlibcPrefix = "GLIBC_";

    private static readonly ConcurrentDictionary<string, Lazy<Publication>> Made = new();

    private Publication(string form, string[] options)
    {
        var output = new StringBuilder();
        Folder = "";
        Error = FunctionsBuild.Publish(
            FunctionsCode.RepositoryRoot, form, options, Path.Combine("asset", form),
            line =>
            {
                // Standard output is the template's: `cdk synth > file` must hold nothing else.
                Console.Error.WriteLine(line);
                output.AppendLine(line);
            },
            folder => Folder = folder);
        Output = output.ToString();
        if (Error is null && !Directory.Exists(Path.Combine(Folder, "geo")))
        {
            Console.Error.WriteLine(
                "The functions are published without the country database, which npm could not fetch: events get no "
                + "geocountry until a later deployment has it.");
        }
    }

    /// <summary>The newest C library that native code may need. Source: Amazon Linux 2023 has glibc 2.34.</summary>
    public static Version GlibcMax { get; } = new(2, 34);

    /// <summary>The folder to upload.</summary>
    public string Folder { get; private set; }

    /// <summary>One sentence that says what went wrong; null when nothing did.</summary>
    public string? Error { get; }

    /// <summary>
    /// Why Lambda's system would not load native code that was linked on this one; null when it would.
    /// </summary>
    public string? Refusal
    {
        get
        {
            var bootstrap = Path.Combine(Folder, "bootstrap");
            var newest = File.Exists(bootstrap) ? GlibcVersions(ElfFile.Read(bootstrap)).Max() : null;
            return newest > GlibcMax
                ? $"The native functions need glibc {newest}, because this system has a newer one than Lambda's, "
                    + $"which is {GlibcMax}: they would not start there. Publish on an older system, or give "
                    + "-c runtime=dotnet10."
                : null;
        }
    }

    /// <summary>What the build said: nothing, when there is nothing to say.</summary>
    public string Output { get; }

    /// <summary>The publication for a runtime and an architecture.</summary>
    public static Publication Of(StackOptions options)
    {
        var (form, arguments) = options switch
        {
            { Runtime: StackOptions.Managed } => ("managed", (string[])["-p:PublishAot=false"]),
            { Architecture: StackOptions.Arm } => ("linux-arm64", ["-r", "linux-arm64"]),
            _ => ("linux-x64", ["-r", "linux-x64"]),
        };
        return Made.GetOrAdd(form, _ => new(() => new Publication(form, arguments))).Value;
    }

    /// <summary>The versions of the C library that an executable asks for.</summary>
    public static IEnumerable<Version> GlibcVersions(ElfFile file) =>
        from version in file.Versions
        where version.StartsWith(GlibcPrefix + "2", StringComparison.Ordinal)
        select Version.Parse(version[GlibcPrefix.Length..]);
}
