namespace Pipeline.Core;

/// <summary>
/// A regular expression on ASCII text as a table: one step a byte, and the end as soon as it is decided.
/// </summary>
internal sealed class AsciiExpression
{
    private const int Refused = 0;
    private const int Accepted = 1;
    private const int First = 2;
    private const int StatesMax = 250;
    private const int Characters = 128;

    // By state and character, the next state.
    private readonly byte[] _table;
    private readonly bool[] _acceptsAtEnd;

    private AsciiExpression(byte[] table, bool[] acceptsAtEnd)
    {
        _table = table;
        _acceptsAtEnd = acceptsAtEnd;
    }

    /// <summary>Compiles a pattern of ECMA-262; null when it is beyond the language or too large.</summary>
    internal static AsciiExpression? TryCompile(string pattern) =>
        AsciiSyntax.Read(pattern) is { } part && AsciiSteps.TryMake(part) is { } steps ? TryTabulate(steps) : null;

    /// <summary>Whether it matches anywhere in a text; null when a character beyond ASCII comes before that.</summary>
    internal bool? IsMatch(ReadOnlySpan<byte> utf8)
    {
        var table = _table;
        var state = First;
        foreach (var character in utf8)
        {
            if (state <= Accepted)
            {
                return state == Accepted;
            }
            if (character >= Characters)
            {
                return null;
            }
            state = table[(state * Characters) + character];
        }
        return state == Accepted || _acceptsAtEnd[state];
    }

    // Each set of steps that can be reached becomes a state.
    private static AsciiExpression? TryTabulate(AsciiSteps steps)
    {
        var classes = steps.Classes();
        var table = new List<byte[]> { new byte[Characters], new byte[Characters] };
        var acceptsAtEnd = new List<bool> { false, true };
        var pending = new Queue<(int State, int[] Steps)>();
        var states = new Dictionary<string, int>(StringComparer.Ordinal);
        if (steps.Reach([steps.Root], isStart: true, isEnd: false).Contains(AsciiSteps.Match))
        {
            return MatchEverything();
        }
        StateOf([steps.Root], isStart: true);
        while (pending.TryDequeue(out var from))
        {
            if (table.Count > StatesMax)
            {
                return null;
            }
            foreach (var characters in classes)
            {
                var next = StateOf(steps.Next(from.Steps, characters[0]), isStart: false);
                foreach (var character in characters)
                {
                    table[from.State][character] = (byte)Math.Min(next, byte.MaxValue);
                }
            }
        }
        return new AsciiExpression([.. table.SelectMany(row => row)], [.. acceptsAtEnd]);

        int StateOf(int[] kernel, bool isStart)
        {
            var reached = steps.Reach(kernel, isStart, isEnd: false);
            var accepts = steps.Reach(kernel, isStart, isEnd: true).Contains(AsciiSteps.Match);
            if (reached.Contains(AsciiSteps.Match))
            {
                return Accepted;
            }
            if (!accepts && !isStart && !Array.Exists(reached, steps.TakesCharacter))
            {
                return Refused;
            }
            var key = $"{isStart} {string.Join(' ', kernel)}";
            if (!states.TryGetValue(key, out var state))
            {
                state = table.Count;
                states.Add(key, state);
                table.Add(new byte[Characters]);
                acceptsAtEnd.Add(accepts);
                pending.Enqueue((state, reached));
            }
            return state;
        }
    }

    private static AsciiExpression MatchEverything()
    {
        var table = new byte[(First + 1) * Characters];
        table.AsSpan(First * Characters).Fill(Accepted);
        return new AsciiExpression(table, [false, true, true]);
    }
}
