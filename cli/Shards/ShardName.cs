using System.CommandLine;
using System.Globalization;
using Pipeline.Engine.Streams;

namespace Pipeline.Cli.Shards;

/// <summary>Shards as people write them: <c>shardId-000000000003</c> or <c>3</c>.</summary>
internal static class ShardName
{
    /// <summary>What an error says is allowed.</summary>
    public const string Form = "a shard such as shardId-000000000003, or its number, 3";

    private const string Prefix = "shardId-";

    /// <summary>Reads a shard's id.</summary>
    public static bool TryParse(string text, out string id)
    {
        var digits = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        var read = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && (digits.Length == text.Length || digits.Length == 12);
        id = Shard.IdOf(index);
        return read;
    }

    /// <summary>An argument that is a shard.</summary>
    public static Argument<string> Argument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (!TryParse(result.Tokens[0].Value, out var id))
            {
                result.AddError($"{name} is {Form}, not '{result.Tokens[0].Value}'.");
            }
            return id;
        },
    };
}
