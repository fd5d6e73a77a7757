namespace Pipeline.Cli.Generate;

/// <summary>Spoils events: one kind after the other, so that even a few bad lines are of many kinds.</summary>
internal sealed class BadLines
{
    private readonly Shop _shop;
    private readonly SeededRandom _random;
    private readonly BadKind[] _kinds;
    private int _next;

    /// <param name="shop">Makes the events.</param>
    /// <param name="random">Draws the order of the kinds, and what they need.</param>
    public BadLines(Shop shop, SeededRandom random)
    {
        _shop = shop;
        _random = random;
        _kinds = [.. BadKind.All];
        for (int i = _kinds.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (_kinds[i], _kinds[other]) = (_kinds[other], _kinds[i]);
        }
    }

    public void Next(LineBuffer line, double now)
    {
        BadKind kind = _kinds[_next++ % _kinds.Length];
        _shop.Ordinary(line, now, kind.Event);
        kind.Spoil(line, _random);
    }
}
