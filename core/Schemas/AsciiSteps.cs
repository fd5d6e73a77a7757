namespace Pipeline.Core;

/// <summary>The steps of a regular expression, where several may be taken at once (Thompson, 1968).</summary>
internal sealed class AsciiSteps
{
    /// <summary>The step at which the text matches.</summary>
    internal const int Match = 0;

    private const int StepsMax = 500;

    private readonly List<Step> _steps = [new(default, null, -1, -1)];

    private AsciiSteps()
    {
    }

    private enum Way
    {
        /// <summary>To both next steps.</summary>
        Free,
        Character,
        AtStart,
        AtEnd,
    }

    /// <summary>The step from which a match begins, anywhere in the text.</summary>
    internal int Root { get; private set; }

    /// <summary>Makes the steps; null when there are too many.</summary>
    internal static AsciiSteps? TryMake(AsciiPart part)
    {
        var steps = new AsciiSteps();
        steps.Root = steps.Emit(part, Match);
        return steps._steps.Count <= StepsMax ? steps : null;
    }

    internal bool TakesCharacter(int step) => _steps[step].Way == Way.Character;

    /// <summary>The steps that are reached from others without a character, in order.</summary>
    internal int[] Reach(int[] from, bool isStart, bool isEnd)
    {
        var reached = new SortedSet<int>();
        var pending = new Stack<int>(from);
        while (pending.TryPop(out var at))
        {
            if (at < 0 || !reached.Add(at))
            {
                continue;
            }
            var step = _steps[at];
            if (step.Way == Way.Free || (step.Way == Way.AtStart && isStart) || (step.Way == Way.AtEnd && isEnd))
            {
                pending.Push(step.Next);
                pending.Push(step.Other);
            }
        }
        return [.. reached];
    }

    /// <summary>The steps behind a character, and the root, where another match may begin.</summary>
    internal int[] Next(int[] from, int character) =>
    [
        .. from.Select(at => _steps[at]).Where(step => step.Takes(character)).Select(step => step.Next).Append(Root)
            .Distinct().Order(),
    ];

    /// <summary>Characters that no step tells apart.</summary>
    internal int[][] Classes() =>
    [
        .. Enumerable.Range(0, 128).GroupBy(character => string.Concat(
            _steps.Where(step => step.Set is not null).Select(step => step.Takes(character) ? '1' : '0')))
            .Select(characters => characters.ToArray()),
    ];

    // Adds the steps of a part that go on to a step; answers the first.
    private int Emit(AsciiPart part, int next)
    {
        if (_steps.Count > StepsMax)
        {
            return next;
        }
        switch (part)
        {
            case AsciiPart.Character character:
                return Add(new Step(Way.Character, character.Set, next, -1));
            case AsciiPart.Anchor anchor:
                return Add(new Step(anchor.IsEnd ? Way.AtEnd : Way.AtStart, null, next, -1));
            case AsciiPart.Sequence sequence:
                return sequence.Parts.Reverse().Aggregate(next, (behind, one) => Emit(one, behind));
            case AsciiPart.Alternatives alternatives:
                return alternatives.Parts.Select(one => Emit(one, next)).ToArray()
                    .Aggregate((left, right) => Add(new Step(Way.Free, null, left, right)));
            default:
                return EmitRepetition((AsciiPart.Repetition)part, next);
        }
    }

    private int EmitRepetition(AsciiPart.Repetition repetition, int next)
    {
        var first = next;
        if (repetition.Max is not { } max)
        {
            first = Add(new Step(Way.Free, null, -1, next));
            _steps[first] = _steps[first] with { Next = Emit(repetition.Part, first) };
        }
        else
        {
            for (var count = repetition.Min; count < max && _steps.Count <= StepsMax; count++)
            {
                first = Add(new Step(Way.Free, null, Emit(repetition.Part, first), next));
            }
        }
        for (var count = 0; count < repetition.Min && _steps.Count <= StepsMax; count++)
        {
            first = Emit(repetition.Part, first);
        }
        return first;
    }

    private int Add(Step step)
    {
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private readonly record struct Step(Way Way, UInt128? Set, int Next, int Other)
    {
        internal bool Takes(int character) => Set is { } set && (set >> character & 1) != 0;
    }
}
