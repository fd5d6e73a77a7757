using System.Text;
using Pipeline.Core.Json;

namespace Pipeline.Core;

/// <summary>A field that keeps an event from matching a pattern.</summary>
/// <param name="Field">The field's path, names joined by dots.</param>
/// <param name="Wanted">What the pattern wants there, JSON; long values are cut.</param>
/// <param name="Found">What the event has there, in words.</param>
public sealed record PatternMismatch(string Field, string Wanted, string Found)
{
    private const int ValuesMax = 3;

    internal static IReadOnlyList<PatternMismatch> Find(PatternField[][] branches, ReadOnlySpan<byte> json)
    {
        List<PatternMismatch>? closest = null;
        foreach (var branch in branches)
        {
            var mismatches = Find(branch, json);
            if (closest is null || mismatches.Count < closest.Count)
            {
                closest = mismatches;
            }
        }
        return closest ?? [];
    }

    private static List<PatternMismatch> Find(PatternField[] branch, ReadOnlySpan<byte> json)
    {
        var mismatches = new List<PatternMismatch>();
        var inArrays = new List<PatternMismatch>();
        foreach (var field in branch)
        {
            var found = new Finds();
            found.Collect(json, 0, Encoding.UTF8.GetBytes(field.Path), depth: 0, isInElement: false);
            var isMet = found.Values.Count == 0
                ? field.Values.MayBeMissing
                : found.Values.Exists(value => IsMet(field.Values, value));
            var wanted = JsonText.Excerpt(field.Source.Span);
            if (!isMet)
            {
                mismatches.Add(new PatternMismatch(field.Path, wanted, found.ToString()));
            }
            else if (found.IsInElement)
            {
                inArrays.Add(new PatternMismatch(
                    field.Path, wanted, $"{found}, but in no array element that has the other fields too"));
            }
        }
        return mismatches.Count > 0 ? mismatches : inArrays;
    }

    private static bool IsMet(PatternValues values, byte[] value)
    {
        var kind = JsonWalk.KindAt(value, 0);
        if (!JsonText.TryContent(value, out var content))
        {
            return values.Matches(new PatternLeaf(kind, value));
        }
        using var decoded = JsonText.Decode(content, stackalloc byte[JsonText.StackBytes]);
        return values.Matches(new PatternLeaf(kind, decoded.Span));
    }

    // What an event has at a path, however its names are nested or dotted.
    private sealed class Finds
    {
        private JsonKind? _container;

        internal List<byte[]> Values { get; } = [];

        internal bool IsInElement { get; private set; }

        internal void Collect(ReadOnlySpan<byte> json, int at, ReadOnlyMemory<byte>? path, int depth, bool isInElement)
        {
            if (depth > Limits.EventDepthMax)
            {
                return;
            }
            switch (JsonWalk.KindAt(json, at))
            {
                case JsonKind.Object when path is { } names:
                    CollectMembers(json, at, names, depth, isInElement);
                    break;
                case JsonKind.Array:
                    _container ??= path is null ? JsonKind.Array : null;
                    CollectElements(json, at, path, depth, isInElement);
                    break;
                case JsonKind.Object:
                    _container ??= JsonKind.Object;
                    break;
                default:
                    if (path is null)
                    {
                        Values.Add(json[at..JsonWalk.SkipValue(json, at)].ToArray());
                        IsInElement |= isInElement;
                    }
                    break;
            }
        }

        public override string ToString()
        {
            if (Values.Count > 0)
            {
                var shown = string.Join(", ", Values.Take(ValuesMax).Select(value => JsonText.Excerpt(value)));
                return Values.Count > ValuesMax ? $"{shown} and {Values.Count - ValuesMax} more" : shown;
            }
            return _container switch
            {
                JsonKind.Object => "an object, which is no value itself",
                JsonKind.Array => "an array without values",
                _ => "nothing",
            };
        }

        private void CollectMembers(
            ReadOnlySpan<byte> json, int at, ReadOnlyMemory<byte> path, int depth, bool isInElement)
        {
            var members = new JsonMembers(json, at);
            while (members.MoveNext())
            {
                var name = Encoding.UTF8.GetBytes(JsonText.ToText(members.Name));
                if (path.Span.SequenceEqual(name))
                {
                    Collect(json, members.ValueStart, null, depth + 1, isInElement);
                }
                else if (path.Span.StartsWith(name) && path.Span[name.Length] == '.')
                {
                    Collect(json, members.ValueStart, path[(name.Length + 1)..], depth + 1, isInElement);
                }
            }
        }

        private void CollectElements(
            ReadOnlySpan<byte> json, int at, ReadOnlyMemory<byte>? path, int depth, bool isInElement)
        {
            var elements = new JsonElements(json, at);
            while (elements.MoveNext())
            {
                var isContainer = JsonWalk.KindAt(json, elements.ValueStart) is JsonKind.Object or JsonKind.Array;
                Collect(json, elements.ValueStart, path, depth + 1, isInElement || isContainer);
            }
        }
    }
}
