using System.Text.RegularExpressions;

namespace Pipeline.Tests.Infra;

/// <summary>The laws about who reads a stream, and how.</summary>
internal static partial class ReaderLaws
{
    public const string ConsumerType = "AWS::Kinesis::StreamConsumer";

    // "Develop enhanced fan-out consumers with dedicated throughput".
    private const int ConsumersMax = 20;

    public static Func<Template, IEnumerable<string>>[] All { get; } =
    [
        Streams_are_polled_by_two_readers_at_most,
        Consumers_have_one_reader_each,
        Consumers_are_few_and_come_one_after_the_other,
        Consumers_are_named_by_the_rules,
    ];

    private static IEnumerable<string> Streams_are_polled_by_two_readers_at_most(Template template) =>
        from stream in template.OfType("AWS::Kinesis::Stream")
        let readers = template.Resources.Count(resource => template.Referred(SourceOf(resource)) == stream)
        where readers > 2
        // A shard gives 2 MB/s to all that poll it, and takes 1 MB/s.
        select $"{stream.Id}: has {readers} polling readers, which cannot keep up with full shards";

    private static IEnumerable<string> Consumers_have_one_reader_each(Template template) =>
        from consumer in template.OfType(ConsumerType)
        let readers = template.Resources.Count(resource => template.Referred(SourceOf(resource)) == consumer)
        where readers != 1
        // Lambda refuses a second mapping; one without any is paid for by the hour.
        select $"{consumer.Id}: has {readers} readers, not 1";

    private static IEnumerable<string> Consumers_are_few_and_come_one_after_the_other(Template template)
    {
        foreach (var consumers in template.OfType(ConsumerType).GroupBy(consumer => consumer["StreamARN"]))
        {
            var ids = consumers.Select(consumer => consumer.Id).ToHashSet();
            if (ids.Count > ConsumersMax)
            {
                yield return $"{consumers.Key}: has {ids.Count} consumers, not at most {ConsumersMax}";
            }

            // Each but the first waits for one that no other waits for: a chain.
            var waits = consumers.Select(consumer => consumer.DependsOn.Where(ids.Contains).ToList()).ToList();
            if (waits.Count(wait => wait.Count == 0) != 1 || !waits.SelectMany(wait => wait).Order()
                .SequenceEqual(waits.SelectMany(wait => wait).Distinct().Order()))
            {
                yield return $"{consumers.Key}: its consumers {string.Join(", ", ids)} are created at once";
            }
        }
    }

    private static IEnumerable<string> Consumers_are_named_by_the_rules(Template template)
    {
        var names = new HashSet<(string?, string?)>();
        foreach (var consumer in template.OfType(ConsumerType))
        {
            var name = consumer["ConsumerName"];
            if (!ConsumerName().IsMatch(name ?? ""))
            {
                yield return $"{consumer.Id}: the name '{name}' is not 1 to 128 of letters, digits, '_', '.', '-'";
            }

            if (!names.Add((consumer["StreamARN"], name)))
            {
                yield return $"{consumer.Id}: the name '{name}' is taken";
            }
        }
    }

    private static string? SourceOf(Resource resource) =>
        resource["EventSourceArn"] ?? resource["KinesisStreamSourceConfiguration", "KinesisStreamARN"];

    [GeneratedRegex(@"^[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex ConsumerName();
}
