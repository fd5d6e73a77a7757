using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Cli.Generate;
using Xunit;

namespace Pipeline.Tests.Generate;

/// <summary>Generated lines, and what tests read from them.</summary>
internal static class Generated
{
    public static byte[] Bytes(GenerateOptions options)
    {
        using var stream = new MemoryStream();
        EventGenerator.Write(options, stream);
        return stream.ToArray();
    }

    /// <summary>The lines without their LF.</summary>
    public static List<byte[]> Lines(GenerateOptions options) => Lines(Bytes(options));

    /// <inheritdoc cref="Lines(GenerateOptions)"/>
    public static List<byte[]> Lines(ReadOnlySpan<byte> text)
    {
        var lines = new List<byte[]>();
        while (!text.IsEmpty)
        {
            int length = text.IndexOf((byte)'\n');
            Assert.True(length >= 0, "The last line is not ended by LF.");
            lines.Add(text[..length].ToArray());
            text = text[(length + 1)..];
        }

        return lines;
    }

    public static List<JsonElement> Events(GenerateOptions options) => Lines(options).ConvertAll(Parse);

    public static JsonElement Parse(byte[] line) => ParseDeep(line, depthMax: 64);

    public static JsonElement ParseDeep(byte[] line, int depthMax)
    {
        using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = depthMax });
        return document.RootElement.Clone();
    }

    public static string Text(this JsonElement @event, string name) => @event.GetProperty(name).GetString()!;

    public static JsonElement Data(this JsonElement @event, string name) =>
        @event.GetProperty("data").GetProperty(name);

    public static DateTimeOffset Time(this JsonElement @event) => DateTimeOffset.ParseExact(
        @event.Text("time"),
        "yyyy-MM-dd'T'HH:mm:ss.fffK",
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal);

    /// <summary>The repository's root: the nearest folder above the tests that holds the solution.</summary>
    public static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }

    public static string Utf8(byte[] line) => Encoding.UTF8.GetString(line);
}
