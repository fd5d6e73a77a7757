using System.Text;
using System.Text.Json;
using Pipeline.Core;
using Xunit;

namespace Pipeline.Tests.Conformance;

/// <summary>
/// The public JSON Schema Test Suite for 2020-12, as Debian's <c>libtest-json-schema-acceptance-perl</c> has it.
/// </summary>
public class SchemaSuiteTests
{
    private const string Folder = "/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance";

    // Where the suite's schemas expect its other files.
    private const string RemoteUri = "http://localhost:1234/";

    // Each must be refused at start, with the message naming what stands behind the arrow; every other test must pass.
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        // Dynamic references and vocabularies are not implemented; the meta-schema uses both.
        ["dynamicRef"] = "$dynamic",
        ["anchor: invalid anchors"] = "/draft/2020-12/schema",
        ["defs: validate definition against metaschema"] = "/draft/2020-12/schema",
        ["id: Invalid use of fragments in location-independent $id"] = "/draft/2020-12/schema",
        ["id: Valid use of empty fragments in location-independent $id"] = "/draft/2020-12/schema",
        ["id: Unnormalized $ids are allowed but discouraged"] = "/draft/2020-12/schema",
        ["ref: remote ref, containing refs itself"] = "/draft/2020-12/schema",
        ["ref: URN base URI with f-component"] = "/draft/2020-12/schema",
        ["optional/ecmascript-regex: \\a is not an ECMA 262 control escape"] = "/draft/2020-12/schema",
        // A schema of an older draft.
        ["optional/cross-draft: refs to historic drafts are processed as historic drafts"] = "draft2019-09",
        // A keyword that we do not know is a mistake, never ignored.
        ["unknownKeyword"] = "unknown keyword 'array_of_schemas'",
        ["optional/refOfUnknownKeyword"] = "unknown keyword 'unknown-keyword'",
        ["optional/dependencies-compatibility"] = "unknown keyword 'dependencies'",
        // So is a format.
        ["format"] = "allowed is one of the formats",
        ["optional/format/idn-email"] = "idn-email",
        ["optional/format/idn-hostname"] = "idn-hostname",
        ["optional/format/iri"] = "iri",
        ["optional/format/iri-reference"] = "iri-reference",
        ["optional/format/relative-json-pointer"] = "relative-json-pointer",
        ["optional/format/unknown"] = "unknown",
        ["optional/format/uri-template"] = "uri-template",
    };

    // Groups of which we decide some tests otherwise.
    private static readonly Dictionary<string, string> OtherAnswers = new(StringComparer.Ordinal)
    {
        ["format"] = "expects formats to be annotations; we assert them, as optional/format wants",
        ["vocabulary"] = "chooses keywords by the meta-schema's $vocabulary; $schema is an annotation to us",
        ["optional/format-assertion"] = "switches formats on by the meta-schema's $vocabulary; they are always on",
    };

    [Fact]
    public void Every_test_of_the_implemented_keywords_passes()
    {
        if (!Directory.Exists(Folder))
        {
            Tools.Lack("The JSON Schema Test Suite is missing: apt-get install libtest-json-schema-acceptance-perl.");
        }
        var remotes = LoadRemotes();
        var wrong = new List<string>();
        var passed = 0;
        foreach (var (name, group) in Groups())
        {
            var files = remotes.Prepend(new("schema", SchemaOf(group)));
            var title = $"{name}: {group.GetProperty("description").GetString()}";
            try
            {
                var schema = EventSchema.CompileAll(files)[0];
                var failed = Failures(schema, group).ToArray();
                passed += group.GetProperty("tests").GetArrayLength() - failed.Length;
                wrong.AddRange(OtherAnswers.ContainsKey(name) ? [] : failed.Select(test => $"{title}: {test}"));
            }
            catch (ConfigurationException mistake)
            {
                var reason = Refused.GetValueOrDefault(title) ?? Refused.GetValueOrDefault(name);
                if (reason is null || !mistake.Message.Contains(reason, StringComparison.Ordinal))
                {
                    wrong.Add($"{title}: {mistake.Message}");
                }
            }
        }
        Assert.Empty(wrong);
        Assert.True(passed >= 1440, $"Of the suite only {passed} tests were run.");
    }

    [Fact]
    public void What_we_refuse_of_the_suite_is_refused_indeed()
    {
        if (!Directory.Exists(Folder))
        {
            Tools.Lack("The JSON Schema Test Suite is missing: apt-get install libtest-json-schema-acceptance-perl.");
        }
        var remotes = LoadRemotes();
        var compiled = new HashSet<string>(StringComparer.Ordinal);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, group) in Groups())
        {
            var files = remotes.Prepend(new("schema", SchemaOf(group)));
            var title = $"{name}: {group.GetProperty("description").GetString()}";
            try
            {
                _ = EventSchema.CompileAll(files);
                compiled.Add(title);
            }
            catch (ConfigurationException)
            {
                refused.Add(title);
                refused.Add(name);
            }
        }
        Assert.DoesNotContain(Refused.Keys, name => !refused.Contains(name));
        Assert.DoesNotContain(Refused.Keys, compiled.Contains);
    }

    private static byte[] SchemaOf(JsonElement group) =>
        Encoding.UTF8.GetBytes(group.GetProperty("schema").GetRawText());

    private static IEnumerable<string> Failures(EventSchema schema, JsonElement group)
    {
        foreach (var test in group.GetProperty("tests").EnumerateArray())
        {
            var data = Encoding.UTF8.GetBytes(test.GetProperty("data").GetRawText());
            var errors = new EventErrors();
            schema.Validate(data, "", errors);
            var isValid = test.GetProperty("valid").GetBoolean();
            if ((errors.Count == 0) != isValid || schema.IsValid(data) != isValid)
            {
                var found = string.Join("; ", errors.Select(error => error.Message));
                yield return $"{test.GetProperty("description").GetString()}: {(found.Length > 0 ? found : "valid")}";
            }
        }
    }

    private static IEnumerable<(string Name, JsonElement Group)> Groups()
    {
        var root = Path.Combine(Folder, "tests", "draft2020-12");
        foreach (var file in Files(root))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, file)));
            foreach (var group in document.RootElement.EnumerateArray())
            {
                yield return (file.Replace(".json", "", StringComparison.Ordinal), group);
            }
        }
    }

    // The files that the suite refers to, less those that are refused by themselves: they are of older drafts or about
    // what is not implemented.
    private static List<KeyValuePair<string, ReadOnlyMemory<byte>>> LoadRemotes()
    {
        var root = Path.Combine(Folder, "remotes");
        var remotes = new List<KeyValuePair<string, ReadOnlyMemory<byte>>>();
        var files = Files(root).Where(file => !file.StartsWith("draft", StringComparison.Ordinal)
            || file.StartsWith("draft2020-12", StringComparison.Ordinal)).ToArray();
        // Twice, because some refer to later ones.
        foreach (var file in files.Concat(files).Where(file => remotes.TrueForAll(one => one.Key != RemoteUri + file)))
        {
            remotes.Add(new(RemoteUri + file, File.ReadAllBytes(Path.Combine(root, file))));
            try
            {
                _ = EventSchema.CompileAll(remotes);
            }
            catch (ConfigurationException)
            {
                remotes.RemoveAt(remotes.Count - 1);
            }
        }
        return remotes;
    }

    private static IEnumerable<string> Files(string root) =>
        Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
}
