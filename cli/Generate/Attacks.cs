namespace Pipeline.Cli.Generate;

/// <summary>One try to log in.</summary>
internal readonly record struct Attempt(byte[] Address, byte[] User, bool Success);

/// <summary>A story line: someone guesses a password from one address, five to nine times, then gets in.</summary>
/// <param name="world">Gives attackers and victims.</param>
/// <param name="period">Milliseconds of event time between stories.</param>
/// <param name="random">Draws them, and the moments.</param>
internal sealed class Attacks(World world, double period, SeededRandom random)
{
    // Nine gaps of at most one and a half of this stay below five minutes.
    private const double GapMsMax = 18_000;

    private double _next = period * (0.6 + 0.1 * random.Fraction());
    private int _left;
    private byte[] _address = [];
    private byte[] _user = [];

    public bool IsDue(double now) => now >= _next;

    /// <summary>The next attempt, which is due.</summary>
    public Attempt Take(double now)
    {
        if (_left == 0)
        {
            _address = random.Any(world.Addresses);
            _user = random.Any(world.Users);
            _left = random.Between(6, 10);
        }

        _left--;
        _next = _left == 0
            ? period * (Math.Floor(now / period) + 1.6 + 0.1 * random.Fraction())
            : now + Math.Min(GapMsMax, period / 60) * (0.5 + random.Fraction());
        return new Attempt(_address, _user, Success: _left == 0);
    }
}
