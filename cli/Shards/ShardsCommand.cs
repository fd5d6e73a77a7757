using System.CommandLine;
using Pipeline.Core;
using Pipeline.Engine.Streams;

namespace Pipeline.Cli.Shards;

/// <summary><c>pipeline shards</c>: the shards of an output directory's streams, and how they are changed.</summary>
internal sealed class ShardsCommand : Command
{
    /// <param name="terminal">Where results and errors go.</param>
    public ShardsCommand(Terminal terminal)
        : base("shards", "Shows the shards of streams where a run stopped, and splits, merges and scales them.")
    {
        Subcommands.Add(new ShardCommand(terminal, "list", "Shows the shards of a stream.", _ => null));
        Subcommands.Add(Split(terminal));
        Subcommands.Add(Merge(terminal));
        Subcommands.Add(Scale(terminal));
    }

    private static ShardCommand Split(Terminal terminal)
    {
        var shard = ShardName.Argument("SHARD", "The open shard to split.");
        var at = new Option<UInt128?>("--at")
        {
            HelpName = "HASHKEY",
            Description = "The first hash key of the upper child, a decimal number. Default: the middle of the shard.",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!HashKey.TryParse(text, out var key))
                {
                    result.AddError($"--at takes a whole number from 0 to 2^128-1, not '{text}'.");
                }
                return key;
            },
        };
        return new ShardCommand(terminal, "split", "Splits a shard into two.", parsed => new ReshardStep(
            TimeSpan.Zero, "", ReshardOperation.Split)
        {
            Shard = parsed.GetValue(shard),
            NewStartingHashKey = parsed.GetValue(at),
        })
        {
            shard, at,
        };
    }

    private static ShardCommand Merge(Terminal terminal)
    {
        var shard = ShardName.Argument("SHARD", "The open shard to merge, the lower one.");
        var adjacent = ShardName.Argument("ADJACENT", "The open shard whose hash keys come right after.");
        return new ShardCommand(terminal, "merge", "Merges two adjacent shards into one.", parsed => new ReshardStep(
            TimeSpan.Zero, "", ReshardOperation.Merge)
        {
            Shard = parsed.GetValue(shard),
            AdjacentShard = parsed.GetValue(adjacent),
        })
        {
            shard, adjacent,
        };
    }

    private static ShardCommand Scale(Terminal terminal)
    {
        var count = new Argument<int>("N")
        {
            Description = "Shards of equal ranges in the end: at most double, at least half of the open ones.",
        };
        count.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 1 or > Limits.ShardsMax)
            {
                result.AddError($"N is a whole number from 1 to {Limits.ShardsMax}, not '{result.Tokens[0].Value}'.");
            }
        });
        return new ShardCommand(terminal, "scale", "Makes so many equal shards of a stream.", parsed => new ReshardStep(
            TimeSpan.Zero, "", ReshardOperation.Scale)
        {
            Count = parsed.GetValue(count),
        })
        {
            count,
        };
    }
}
