using Pipeline.Core;

namespace Pipeline.Fuzz;

/// <summary>
/// A pattern is refused with its file or compiled; alone, in a set and when asked why not, it says the same.
/// </summary>
internal static class PatternLaws
{
    private const string File = "fuzz.json";

    private static readonly Lazy<IReadOnlyList<byte[]>> SomeEvents = new(() => [.. Corpus.Events().Take(12)]);

    public static void Try(byte[] input)
    {
        EventPattern pattern;
        try
        {
            pattern = EventPattern.Compile(File, input);
        }
        catch (ConfigurationException refusal)
        {
            LawException.Unless(
                refusal.Message.Contains(File, StringComparison.Ordinal), "A refusal names the file.");
            return;
        }
        var set = PatternSet.Compile([pattern, pattern]);
        Span<bool> together = stackalloc bool[2];
        foreach (var json in SomeEvents.Value)
        {
            if (!LawException.TryEvent(json, out var @event))
            {
                throw new LawException("An event of the corpus is none.");
            }
            var alone = pattern.Matches(@event);
            set.Match(@event, together);
            LawException.Unless(together[0] == alone && together[1] == alone, "A set says what its patterns say.");
            LawException.Unless(
                pattern.Explain(@event).Count == 0 == alone, "There is a reason exactly when there is no match.");
        }
    }
}
