using System.Text;
using System.Text.Json;

namespace Pipeline.Engine.Simulation;

/// <summary>Reads an output directory as an outsider would: files and JSON, nothing of the engine's.</summary>
/// <param name="directory">The directory of a run that has ended.</param>
public sealed class RunOutput(string directory)
{
    /// <summary>The prefix of what mappings give up.</summary>
    public const string DeadLetterPrefix = "aws/lambda/";

    /// <summary>The archived lines, in the order they were written, with their partition.</summary>
    public IEnumerable<(string Date, byte[] Line)> Archived() =>
        from file in FilesBelow("archive")
        from line in LinesOf(file)
        select (Path.GetFileName(Path.GetDirectoryName(file)!), line);

    /// <summary>The bad rows.</summary>
    public IEnumerable<JsonElement> BadRows() =>
        from file in FilesBelow("rejected")
        from line in LinesOf(file)
        select JsonDocument.Parse(line).RootElement;

    /// <summary>The events that mappings gave up.</summary>
    public IEnumerable<DeadLetter> DeadLetters() =>
        FilesBelow(DeadLetterPrefix).SelectMany(file => DeadLetter.Read(File.ReadAllBytes(file)));

    /// <summary>The files below a prefix, in ordinal order of their names: archive objects are named by time.</summary>
    public IEnumerable<string> FilesBelow(string prefix)
    {
        var folder = Path.Combine(directory, prefix);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [];
    }

    /// <summary>A member of an archived event, as text.</summary>
    public static string Member(byte[] line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).ToString();
    }

    private static IEnumerable<byte[]> LinesOf(string file)
    {
        var bytes = File.ReadAllBytes(file);
        for (var start = 0; start < bytes.Length;)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                throw new BrokenLawException(
                    "Every line ends with a line feed.",
                    $"{file} ends with {Encoding.UTF8.GetString(bytes.AsSpan(start))}");
            }
            yield return bytes[start..(start + length)];
            start += length + 1;
        }
    }
}
