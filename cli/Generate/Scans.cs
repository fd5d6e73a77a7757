namespace Pipeline.Cli.Generate;

/// <summary>A story line: a scanner asks, from one address, for paths that no page of the shop links to.</summary>
/// <param name="world">Gives scanners.</param>
/// <param name="period">Milliseconds of event time between stories.</param>
/// <param name="random">Draws them, and the moments.</param>
internal sealed class Scans(World world, double period, SeededRandom random)
{
    private const double GapMsMax = 9_000;

    /// <summary>What scanners look for, each behind one of the prefixes that the shipped rules know.</summary>
    private static readonly byte[][] Paths =
    [
        .. new[]
        {
            "/wp-admin/setup-config.php", "/wp-login.php", "/.env", "/.git/config", "/phpmyadmin/index.php",
            "/wp-admin/install.php", "/.env.production", "/.git/HEAD",
        }.Select(World.Bytes),
    ];

    private double _next = period * (0.35 + 0.1 * random.Fraction());
    private int _left;
    private byte[] _address = [];

    public bool IsDue(double now) => now >= _next;

    /// <summary>The next request, which is due.</summary>
    public (byte[] Address, byte[] Path) Take(double now)
    {
        if (_left == 0)
        {
            _address = Public();
            _left = random.Between(20, 32);
        }

        _left--;
        _next = _left == 0
            ? period * (Math.Floor(now / period) + 1.35 + 0.1 * random.Fraction())
            : now + Math.Min(GapMsMax, period / 120) * (0.5 + random.Fraction());
        return (_address, random.Any(Paths));
    }

    /// <summary>An address from outside: a scanner in a private network is nobody's to block.</summary>
    private byte[] Public()
    {
        while (true)
        {
            byte[] address = random.Any(world.Addresses);
            if (!World.IsPrivate(address))
            {
                return address;
            }
        }
    }
}
