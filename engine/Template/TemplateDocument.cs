using System.Text.Json;
using Pipeline.Core;

namespace Pipeline.Engine.Template;

/// <summary>A resource as the template declares it.</summary>
/// <param name="Type">What the engine does with its type; null when it knows none (told as a problem).</param>
/// <param name="Index">Its place among the resources, from 0.</param>
internal sealed record Declaration(string LogicalId, string TypeName, ResourceType? Type, JsonElement Json, int Index)
{
    /// <summary>Where its attributes are told: the logical id.</summary>
    public Place Place => new(LogicalId);

    /// <summary>Where its properties are told.</summary>
    public Place PropertiesPlace => Place.Of("Properties");
}

/// <summary>
/// The sections of a template, checked for form. Rules, mappings, outputs and metadata change nothing that runs here.
/// </summary>
internal sealed class TemplateDocument : IDisposable
{
    private const string Unicode = "strings of UTF-8 without lone surrogates";

    private static readonly string[] s_sections =
    [
        "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions",
        "Resources", "Outputs",
    ];

    private static readonly string[] s_attributes =
    [
        "Type", "Properties", "DependsOn", "Condition", "Metadata", "DeletionPolicy", "UpdateReplacePolicy",
        "UpdatePolicy", "CreationPolicy",
    ];

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly JsonDocument _json;

    private TemplateDocument(JsonDocument json) => _json = json;

    public IReadOnlyDictionary<string, JsonElement> Parameters { get; private set; } = Empty;

    public IReadOnlyDictionary<string, JsonElement> Conditions { get; private set; } = Empty;

    /// <summary>The resources by logical id.</summary>
    public IReadOnlyDictionary<string, Declaration> Resources { get; private set; } =
        new Dictionary<string, Declaration>();

    private static IReadOnlyDictionary<string, JsonElement> Empty { get; } = new Dictionary<string, JsonElement>();

    /// <summary>Reads the sections; null when there is nothing to go on with (told as a problem).</summary>
    public static TemplateDocument? Parse(ReadOnlyMemory<byte> json, Problems problems)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        JsonDocument parsed;
        try
        {
            parsed = JsonDocument.Parse(json.Span.StartsWith(mark) ? json[mark.Length..] : json, s_strict);
        }
        catch (JsonException malformed)
        {
            problems.Add(Sentence(problems.File, malformed));
            return null;
        }
        // The name of a member is no Unicode; looking for duplicates reads it.
        catch (InvalidOperationException)
        {
            problems.Add(new("the template"), "the name of a member that is not Unicode", Unicode);
            return null;
        }
        var document = new TemplateDocument(parsed);
        if (IsText(parsed.RootElement, new Place("the template"), problems) && document.ReadSections(problems))
        {
            return document;
        }
        document.Dispose();
        return null;
    }

    public void Dispose() => _json.Dispose();

    private static string Sentence(string file, JsonException malformed)
    {
        var text = malformed.Message;
        var end = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = (end < 0 ? text : text[..end]).TrimEnd('.');
        return malformed is { LineNumber: { } line, BytePositionInLine: { } column }
            ? $"{file}: line {line + 1}, column {column + 1}: not a JSON template: {what}."
            : $"{file}: not a JSON template: {what}.";
    }

    // The parser leaves the insides of strings unread: a lone surrogate or a byte that is not UTF-8 shows only now.
    private static bool IsText(JsonElement json, Place place, Problems problems)
    {
        try
        {
            switch (json.ValueKind)
            {
                case JsonValueKind.String:
                    _ = json.GetString();
                    return true;
                case JsonValueKind.Array:
                    return json.EnumerateArray()
                        .Select((item, index) => IsText(item, place.At(index), problems))
                        .All(isText => isText);
                case JsonValueKind.Object:
                    return json.EnumerateObject().All(member => IsText(member.Value, place.Of(member.Name), problems));
                default:
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            problems.Add(place, "a string that is not Unicode", Unicode);
            return false;
        }
    }

    private bool ReadSections(Problems problems)
    {
        var root = new Place("the template");
        if (Members(_json.RootElement, root, problems) is not { } sections)
        {
            return false;
        }
        foreach (var name in sections.Keys.Except(s_sections, StringComparer.Ordinal))
        {
            problems.Add(root, $"a section '{name}'", string.Join(", ", s_sections));
        }
        Parameters = Section(sections, "Parameters", problems);
        Conditions = Section(sections, "Conditions", problems);
        if (!sections.ContainsKey("Resources"))
        {
            problems.Add(root, "no section 'Resources'", "an object of resources");
            return false;
        }
        var resources = Section(sections, "Resources", problems);
        if (resources.Count > Limits.StackResourcesMax)
        {
            problems.Add(new Place("Resources"), $"{resources.Count} resources", $"at most {Limits.StackResourcesMax}");
            return false;
        }
        ReadResources(resources, problems);
        return true;
    }

    private void ReadResources(IReadOnlyDictionary<string, JsonElement> resources, Problems problems)
    {
        var declarations = new Dictionary<string, Declaration>(StringComparer.Ordinal);
        foreach (var (logicalId, json) in resources)
        {
            var place = new Place(logicalId);
            if (Members(json, place, problems) is not { } attributes)
            {
                continue;
            }
            foreach (var name in attributes.Keys.Except(s_attributes, StringComparer.Ordinal))
            {
                problems.Add(place, $"an attribute '{name}'", string.Join(", ", s_attributes));
            }
            var typeName = attributes.TryGetValue("Type", out var type) && type.ValueKind == JsonValueKind.String
                ? type.GetString()!
                : "";
            var known = ResourceTypes.Find(typeName);
            if (known is null)
            {
                problems.Add(place.Of("Type"), $"'{typeName}'", string.Join(", ", ResourceTypes.Names));
            }
            declarations.Add(logicalId, new(logicalId, typeName, known, json, declarations.Count));
        }
        Resources = declarations;
    }

    private static IReadOnlyDictionary<string, JsonElement> Section(
        Dictionary<string, JsonElement> sections, string name, Problems problems) =>
        sections.TryGetValue(name, out var section) ? Members(section, new(name), problems) ?? Empty : Empty;

    private static Dictionary<string, JsonElement>? Members(JsonElement json, Place place, Problems problems)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add(place, $"JSON of kind {json.ValueKind}", "an object");
            return null;
        }
        return json.EnumerateObject()
            .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
    }
}
