using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Engine.Template;
using Xunit;

namespace Pipeline.Tests.Template;

/// <summary>The small template of these tests, and changes to it.</summary>
internal static class Templates
{
    public const string File = "pipeline.json";

    private static readonly string s_text = System.IO.File.ReadAllText(
        Path.Combine(Root(), "tests", "template", File));

    /// <summary>The template as it is.</summary>
    public static JsonObject Sample() => JsonNode.Parse(s_text)!.AsObject();

    /// <summary>The template with one place set to a JSON text, or removed when the text is null.</summary>
    /// <param name="path">
    /// Names and list indices with dots between, from a logical id on; with <c>/</c> before, from the root on.
    /// </param>
    public static JsonObject With(string path, string? json) => Sample().Set(path, json);

    /// <inheritdoc cref="With"/>
    public static JsonObject Set(this JsonObject template, string path, string? json)
    {
        JsonNode at = path.StartsWith('/') ? template : template["Resources"]!;
        var steps = path.TrimStart('/').Split('.');
        foreach (var step in steps[..^1])
        {
            at = at is JsonArray list ? list[Index(step)]! : at[step]!;
        }
        var value = json is null ? null : JsonNode.Parse(json);
        switch (at)
        {
            case JsonArray list when json is null:
                list.RemoveAt(Index(steps[^1]));
                break;
            case JsonArray list:
                list[Index(steps[^1])] = value;
                break;
            case JsonObject map when json is null:
                Assert.True(map.Remove(steps[^1]), $"{path} is not in the sample");
                break;
            default:
                at[steps[^1]] = value;
                break;
        }
        return template;
    }

    public static StackModel Load(this JsonObject template, TemplateOptions? options = null) =>
        Load(template.ToJsonString(), options);

    public static StackModel Load(string json, TemplateOptions? options = null) =>
        TemplateLoader.Load(Encoding.UTF8.GetBytes(json), File, options ?? TemplateOptions.None);

    /// <summary>The problems of a template that does not load, without the file's name at their start.</summary>
    public static string[] Problems(this JsonObject template, TemplateOptions? options = null)
    {
        var refused = Assert.Throws<TemplateException>(() => template.Load(options));
        Assert.Equal(string.Join('\n', refused.Problems), refused.Message);
        return [.. refused.Problems.Select(problem => problem.Replace($"{File}: ", "", StringComparison.Ordinal))];
    }

    private static int Index(string step) => int.Parse(step, CultureInfo.InvariantCulture);

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(directory.FullName, "Pipeline.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException("No folder above holds Pipeline.sln.");
        }
        return directory.FullName;
    }
}
