using System.Text.Json.Nodes;
using Pipeline.Tests.Infra;
using Xunit;

namespace Pipeline.Tests.Replays;

/// <summary>
/// <c>events/env.json</c>, by which <c>sam local invoke</c> gives functions what it cannot know. It passes over a
/// variable that the template does not give to the function.
/// </summary>
public sealed class EnvironmentFileTests
{
    /// <summary>Comes into the template by <c>-c endpoint=…</c>.</summary>
    private const string Endpoint = "AWS_ENDPOINT_URL";

    private static readonly JsonObject s_file =
        JsonNode.Parse(PayloadFiles.Read("env.json"))!.AsObject();

    private static readonly IReadOnlyList<Resource> s_functions =
        [.. Infra.Template.Committed().OfType("AWS::Lambda::Function")];

    [Fact]
    public void It_names_every_function_of_the_template() =>
        Assert.Equal(s_functions.Select(function => function.Id), s_file.Select(function => function.Key));

    [Fact]
    public void It_gives_a_function_just_what_its_template_refers_to_and_the_endpoint()
    {
        foreach (var function in s_functions)
        {
            var variables = function.At("Environment", "Variables")!.AsObject();
            var references = variables.Where(variable => variable.Value is JsonObject).Select(variable => variable.Key);
            Assert.Equal(
                references.Append(Endpoint).Order(StringComparer.Ordinal),
                s_file[function.Id]!.AsObject().Select(variable => variable.Key).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void One_reference_is_one_name_whichever_function_has_it()
    {
        var names = from function in s_functions
                    from variable in s_file[function.Id]!.AsObject()
                    let reference = function["Environment", "Variables", variable.Key] ?? Endpoint
                    group (string)variable.Value! by reference;
        Assert.All(names, name => Assert.Single(name.Distinct()));
        Assert.Equal(names.Count(), names.Select(name => name.First()).Distinct().Count());
    }

    [Fact]
    public void The_page_creates_every_name()
    {
        var page = File.ReadAllText(Path.Combine(PayloadFiles.Folder, "README.md"));
        var names = s_file.SelectMany(function => function.Value!.AsObject())
            .Where(variable => variable.Key != Endpoint)
            .Select(variable => ((string)variable.Value!).Split('/')[^1]);
        Assert.All(names, name => Assert.Contains(name, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_line_for_sam_names_a_function_and_a_payload()
    {
        var lines = File.ReadLines(Path.Combine(PayloadFiles.Folder, "README.md"))
            .Where(line => line.StartsWith("sam local invoke", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(lines);
        foreach (var words in lines.Select(line => line.Split(' ')))
        {
            Assert.Contains(words[Array.IndexOf(words, "-t") + 2], s_functions.Select(function => function.Id));
            Assert.True(File.Exists(Path.Combine(Tools.RepositoryRoot, words[Array.IndexOf(words, "-e") + 1])));
        }
    }
}
