using System.Globalization;
using System.Text.Json;
using Pipeline.Cli.Arguments;
using Pipeline.Core;
using Pipeline.Engine.Streams;
using Pipeline.Engine.Template;

namespace Pipeline.Cli.Shards;

/// <summary>Reads what a run does with its shards, and when: JSON objects, one after another or in a list.</summary>
internal sealed class ReshardScript
{
    private static readonly string[] Common = ["at", "stream", "operation"];

    private readonly string _file;
    private readonly StackModel _stack;
    private int _line;

    private ReshardScript(string file, StackModel stack) => (_file, _stack) = (file, stack);

    /// <summary>Reads a script.</summary>
    /// <exception cref="ConfigurationException">
    /// It holds a mistake; the message names file and line, and what is allowed.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<ReshardStep> Read(string file, StackModel stack)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the reshard script '{file}' cannot be read: {error.Message}", error);
        }
        return new ReshardScript(file, stack).Read(bytes);
    }

    private List<ReshardStep> Read(ReadOnlySpan<byte> bytes)
    {
        var steps = new List<ReshardStep>();
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && reader.CurrentDepth == 0)
                {
                    continue;
                }
                _line = 1 + bytes[..(int)reader.TokenStartIndex].Count((byte)'\n');
                using var json = JsonDocument.ParseValue(ref reader);
                steps.Add(Step(json.RootElement));
            }
        }
        catch (JsonException error)
        {
            _line = 1 + (int)(error.LineNumber ?? 0);
            throw Wrong("this is no JSON", "JSON objects, one after another or in a list");
        }
        return steps;
    }

    private ReshardStep Step(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong($"found JSON of kind {json.ValueKind}", "an object");
        }
        var operation = Text(json, "operation", "split, merge, scale") switch
        {
            "split" => ReshardOperation.Split,
            "merge" => ReshardOperation.Merge,
            "scale" => ReshardOperation.Scale,
            var other => throw Wrong($"operation '{other}'", "split, merge, scale"),
        };
        CheckMembers(json, operation);
        return new ReshardStep(At(json), Stream(json), operation)
        {
            Shard = operation == ReshardOperation.Scale ? null : Shard(json, "shard"),
            AdjacentShard = operation == ReshardOperation.Merge ? Shard(json, "adjacentShard") : null,
            NewStartingHashKey = json.TryGetProperty("newStartingHashKey", out var key) ? Key(key) : null,
            Count = operation == ReshardOperation.Scale ? Count(json) : 0,
        };
    }

    private void CheckMembers(JsonElement json, ReshardOperation operation)
    {
        string[] own = operation switch
        {
            ReshardOperation.Split => ["shard", "newStartingHashKey"],
            ReshardOperation.Merge => ["shard", "adjacentShard"],
            _ => ["count"],
        };
        string[] known = [.. Common, .. own];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw Wrong($"an unknown member '{member.Name}'", string.Join(", ", known));
            }
            if (!seen.Add(member.Name))
            {
                throw Wrong($"'{member.Name}' stands there twice", "each member once");
            }
        }
    }

    private TimeSpan At(JsonElement json)
    {
        var text = Text(json, "at", Duration.Form);
        return Duration.TryParse(text, out var at) ? at : throw Wrong($"at '{text}'", Duration.Form);
    }

    private string Stream(JsonElement json)
    {
        var streams = string.Join(", ", _stack.Streams.Select(stream => stream.LogicalId));
        var name = Text(json, "stream", streams);
        return _stack.Streams.Any(stream => stream.LogicalId == name || stream.Name == name)
            ? name
            : throw Wrong($"there is no stream '{name}'", streams);
    }

    private string Shard(JsonElement json, string member)
    {
        var text = json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetRawText()
            : Text(json, member, ShardName.Form);
        return ShardName.TryParse(text, out var id) ? id : throw Wrong($"{member} '{text}'", ShardName.Form);
    }

    private UInt128 Key(JsonElement json)
    {
        const string allowed = "a whole number from 0 to 2^128-1, as a text or a number";
        var text = json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        return HashKey.TryParse(text, out var key) ? key : throw Wrong($"newStartingHashKey '{text}'", allowed);
    }

    private int Count(JsonElement json)
    {
        var allowed = $"whole numbers from 1 to {Limits.ShardsMax}";
        if (!json.TryGetProperty("count", out var value))
        {
            throw Wrong("'count' is missing", allowed);
        }
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var count)
            || count is < 1 or > Limits.ShardsMax)
        {
            throw Wrong($"count {value.GetRawText()}", allowed);
        }
        var slots = SlotRule.Of(_stack.Functions);
        return slots?.Problem(count) is { } problem
            ? throw Wrong(problem, $"whole numbers from 1 to {slots.ShardsMax}")
            : count;
    }

    private string Text(JsonElement json, string member, string allowed) =>
        !json.TryGetProperty(member, out var value) ? throw Wrong($"'{member}' is missing", allowed)
        : value.ValueKind != JsonValueKind.String
            ? throw Wrong($"{member} is JSON of kind {value.ValueKind}", $"a text: {allowed}")
        : value.GetString()!;

    private ConfigurationException Wrong(string what, string allowed) => new(string.Create(
        CultureInfo.InvariantCulture, $"{_file}:{_line}: {what}; allowed: {allowed}. Nothing was played."));
}
