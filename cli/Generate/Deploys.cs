using System.Globalization;

namespace Pipeline.Cli.Generate;

/// <summary>A story line: new versions go live; every second one is bad and errs until it is rolled back.</summary>
/// <param name="period">Milliseconds of event time between stories.</param>
/// <param name="random">Draws services, versions and moments.</param>
internal sealed class Deploys(double period, SeededRandom random)
{
    private const double BadVersionMsMax = 4 * 60_000;

    private readonly (int Major, int Minor, int Patch)[] _versions =
        [.. Service.All.Select(_ => (random.Between(1, 6), random.Below(40), random.Below(9)))];

    private double _next = period * (0.2 + 0.1 * random.Fraction());
    private int _service;
    private byte[]? _rollback;
    private long _count;

    /// <summary>The service that has a bad version now; null when all is well.</summary>
    public Service? Failing => _rollback is null ? null : Service.All[_service];

    public bool IsDue(double now) => now >= _next;

    /// <summary>The next deploy, which is due: what, and which version.</summary>
    public (Service Service, byte[] Version) Take(double now)
    {
        byte[] version;
        if (_rollback is not null)
        {
            version = _rollback;
            _rollback = null;
        }
        else
        {
            _service = random.Below(Service.All.Length);
            ref (int Major, int Minor, int Patch) current = ref _versions[_service];
            byte[] before = Text(current);
            current = random.Chance(0.3)
                ? (current.Major, current.Minor + 1, 0)
                : current with { Patch = current.Patch + 1 };
            version = Text(current);
            if (_count++ % 2 == 0)
            {
                _rollback = before;
                _next = now + Math.Min(BadVersionMsMax, period / 3);
                return (Service.All[_service], version);
            }
        }

        _next = period * (Math.Floor(now / period) + 1.2 + 0.1 * random.Fraction());
        return (Service.All[_service], version);
    }

    private static byte[] Text((int Major, int Minor, int Patch) version) => World.Bytes(
        string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}.{version.Patch}"));
}
