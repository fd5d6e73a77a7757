using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>The committed payloads are what the pipeline makes of the sample now.</summary>
public sealed class PayloadFreshnessTests
{
    private const string Command =
        "dotnet run --project tests -- -explicit only -method " + nameof(Pipeline) + "." + nameof(Tests) + "."
        + nameof(Replays) + "." + nameof(PayloadFreshnessTests) + "." + nameof(Write_the_payloads_anew);

    [Fact]
    public void The_committed_payloads_are_what_is_made_now()
    {
        NeedsCountries();
        var made = PayloadSet.Make();
        Assert.Equal(made.Keys, PayloadFiles.Names);
        Assert.All(made, payload => Assert.True(
            PayloadFiles.Read(payload.Key).AsSpan().SequenceEqual(payload.Value),
            $"events/{payload.Key} is not what is made now; this writes it anew: {Command}"));
    }

    [Fact]
    public void The_page_says_how_they_are_made() =>
        Assert.Contains(Command, File.ReadLines(Path.Combine(PayloadFiles.Folder, "README.md")));

    /// <summary>No test: the command that writes the payloads, for whoever changes what they are made of.</summary>
    [Fact(Explicit = true)]
    public void Write_the_payloads_anew()
    {
        NeedsCountries();
        foreach (var folder in Directory.EnumerateDirectories(PayloadFiles.Folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        foreach (var (name, payload) in PayloadSet.Make())
        {
            var file = Path.Combine(PayloadFiles.Folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, payload);
        }
    }

    private static void NeedsCountries()
    {
        if (!File.Exists(Path.Combine(AppContext.BaseDirectory, "geo", "iptoasn-country.mmdb")))
        {
            Tools.Lack("The country database is not there: a build with npm and a network fetches it.");
        }
    }
}
