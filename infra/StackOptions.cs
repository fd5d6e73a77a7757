using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Pipeline.Infra;

/// <summary>
/// What a user chooses with <c>-c name=value</c>; docs/infrastructure.md lists names, defaults and bounds.
/// </summary>
public sealed partial record StackOptions
{
    /// <summary>The value of <c>code</c> that publishes the functions and uploads them.</summary>
    public const string CodePublish = "publish";

    /// <summary>The value of <c>code</c> that puts a placeholder with a fixed hash in their place.</summary>
    public const string CodeNone = "none";

    /// <summary>The value of <c>architecture</c> for Intel and AMD.</summary>
    public const string X86 = "x86_64";

    /// <summary>The value of <c>architecture</c> for Graviton.</summary>
    public const string Arm = "arm64";

    /// <summary>The value of <c>runtime</c> for native code, which Lambda starts as it is.</summary>
    public const string Native = "provided.al2023";

    /// <summary>The value of <c>runtime</c> for the form that Lambda's own .NET runs.</summary>
    public const string Managed = "dotnet10";

    /// <summary>The value of <c>fanout</c> that gives each of many readers of a stream a consumer of its own.</summary>
    public const string FanOutEnhanced = "enhanced";

    /// <summary>The value of <c>fanout</c> that lets them share what a shard gives to all who poll it.</summary>
    public const string FanOutShared = "shared";

    // "UpdateShardCount": the quota of shards of a stream.
    private const int ShardsMax = 10_000;

    // "IncreaseStreamRetentionPeriod".
    private const int RetentionHoursMin = 24;
    private const int RetentionHoursMax = 8760;

    // "Lambda quotas".
    private const int MemoryMebibytesMin = 128;
    private const int MemoryMebibytesMax = 10_240;
    private const int TimeoutSecondsMax = 900;

    // "CreateEventSourceMapping": the bound of MaximumRecordAgeInSeconds.
    private const int RecordAgeSecondsMax = 604_800;

    // Ours: a function sends its last packs before its deadline, so it needs some seconds to do anything at all.
    private const int TimeoutSecondsMin = 10;

    // Ours: a slot is at most the first 16 bits of a hash key, and load spreads only over several slots a shard.
    private const int SlotsMax = 65_536;
    private const int SlotsPerShardMin = 4;

    private const int KeepDaysMax = 3650;
    private const int ReservedMax = 10_000;

    /// <summary>Shards of every stream.</summary>
    public required int Shards { get; init; }

    /// <summary>How long a stream keeps a record, in hours.</summary>
    public required int RetentionHours { get; init; }

    /// <summary>Slots of the partition-key space; a power of two, at least four a shard.</summary>
    public required int Slots { get; init; }

    /// <summary>Memory of a stream's filter, in MiB; its share of a processor grows with it.</summary>
    public required int MemoryMebibytes { get; init; }

    /// <summary>Timeout of a stream's filter, in seconds.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>Concurrency reserved for each stream's filter; null for none, for workers too.</summary>
    public required int? Reserved { get; init; }

    /// <summary><see cref="X86"/> or <see cref="Arm"/>.</summary>
    public required string Architecture { get; init; }

    /// <summary><see cref="Native"/> or <see cref="Managed"/>.</summary>
    public required string Runtime { get; init; }

    /// <summary><see cref="CodePublish"/> or <see cref="CodeNone"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Days after which bad rows, dead letters and oversize events are deleted.</summary>
    public required int KeepDays { get; init; }

    /// <summary><see cref="FanOutEnhanced"/> or <see cref="FanOutShared"/>.</summary>
    public required string FanOut { get; init; }

    /// <summary>ARN of the topic that alarms tell; null for nobody.</summary>
    public required string? AlarmTopic { get; init; }

    /// <summary>
    /// Where the functions find AWS instead of in the cloud, such as an emulator's address; null for the cloud.
    /// </summary>
    public required string? Endpoint { get; init; }

    /// <summary>
    /// Age at which a mapping gives a record up, in seconds: two hours before the stream would forget it, so that it
    /// is kept elsewhere.
    /// </summary>
    public int RecordAgeSeconds => Math.Min((RetentionHours - 2) * 3600, RecordAgeSecondsMax);

    /// <summary>Reads and checks the options.</summary>
    /// <param name="context">The value of a name (a string or a number), or null.</param>
    /// <param name="error">One sentence: the option, what was found, what is allowed; null when all is well.</param>
    /// <returns>The options, or null when one is wrong.</returns>
    public static StackOptions? Read(Func<string, object?> context, out string? error)
    {
        var reader = new Reader(context);
        var options = new StackOptions
        {
            Shards = reader.Integer("shards", 2, 1, ShardsMax),
            RetentionHours = reader.Integer("retention", 168, RetentionHoursMin, RetentionHoursMax),
            Slots = reader.Integer("slots", 128, SlotsPerShardMin, SlotsMax),
            MemoryMebibytes = reader.Integer("memory", 512, MemoryMebibytesMin, MemoryMebibytesMax),
            TimeoutSeconds = reader.Integer("timeout", 60, TimeoutSecondsMin, TimeoutSecondsMax),
            Reserved = reader.Has("reserved") ? reader.Integer("reserved", 1, 1, ReservedMax) : null,
            Architecture = reader.Choice("architecture", X86, Arm),
            Runtime = reader.Choice("runtime", Native, Managed),
            Code = reader.Choice("code", CodePublish, CodeNone),
            KeepDays = reader.Integer("keep", 365, 1, KeepDaysMax),
            FanOut = reader.Choice("fanout", FanOutEnhanced, FanOutShared),
            AlarmTopic = reader.Topic("alarms"),
            Endpoint = reader.Address("endpoint"),
        };
        error = reader.Error ?? options.Contradiction();
        return error is null ? options : null;
    }

    // "CreateTopic": the characters of a name; the names of FIFO topics end in .fifo.
    [GeneratedRegex(@"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}\z")]
    private static partial Regex TopicArn();

    private string? Contradiction()
    {
        var slotsNeeded = SlotsPerShardMin * Shards;
        if (!BitOperations.IsPow2(Slots))
        {
            return $"Context option 'slots' is {Slots}: it must be a power of two.";
        }

        if (Slots < slotsNeeded)
        {
            return $"Context option 'slots' is {Slots}: {Shards} shards need at least {slotsNeeded} slots " +
                $"({SlotsPerShardMin} a shard), so give -c slots={BitOperations.RoundUpToPowerOf2((uint)slotsNeeded)}.";
        }

        return Reserved < Shards
            ? $"Context option 'reserved' is {Reserved}: {Shards} shards need at least {Shards} " +
                "invocations at once, one a shard."
            : null;
    }

    /// <summary>Reads values and remembers the first mistake.</summary>
    private sealed class Reader(Func<string, object?> context)
    {
        public string? Error { get; private set; }

        public bool Has(string name) => context(name) is not null;

        public int Integer(string name, int fallback, int min, int max)
        {
            if (Text(name) is not { } text)
            {
                return fallback;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value >= min && value <= max)
            {
                return value;
            }

            Error ??= $"Context option '{name}' is '{text}': it must be a whole number from {min} to {max}.";
            return fallback;
        }

        public string Choice(string name, string fallback, string other)
        {
            var text = Text(name) ?? fallback;
            if (text != fallback && text != other)
            {
                Error ??= $"Context option '{name}' is '{text}': it must be '{fallback}' or '{other}'.";
            }

            return text;
        }

        public string? Topic(string name)
        {
            var text = Text(name);
            if (text is not null && !TopicArn().IsMatch(text))
            {
                Error ??= $"Context option '{name}' is '{text}': it must be the ARN of a standard SNS topic, " +
                    "such as arn:aws:sns:REGION:ACCOUNT:NAME.";
            }

            return text;
        }

        public string? Address(string name)
        {
            var text = Text(name);
            if (text is not null
                && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                Error ??= $"Context option '{name}' is '{text}': it must be an address such as " +
                    "http://host.docker.internal:4566.";
            }

            return text;
        }

        private string? Text(string name) =>
            context(name) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
    }
}
