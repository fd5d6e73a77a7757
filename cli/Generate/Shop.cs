using System.Diagnostics;

namespace Pipeline.Cli.Generate;

/// <summary>The types of event that the shop makes.</summary>
internal enum EventKind
{
    HttpRequest,
    Login,
    AppError,
    Payment,
    FailedPayment,
    Deploy,
}

/// <summary>A web shop at work: what happens next, and when the story lines go on.</summary>
internal sealed class Shop
{
    /// <summary>Story lines come this often; in a shorter run, four times.</summary>
    private const double PeriodMsMax = 15 * 60_000;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly EventLines _lines;
    private readonly Deploys _deploys;
    private readonly Attacks _attacks;
    private readonly Scans _scans;

    public Shop(GenerateOptions options)
    {
        ulong seed = (ulong)options.Seed;
        _random = new SeededRandom(seed, stream: 1);
        _world = new World(_random);
        _lines = new EventLines(_world, _random, seed, options.Start);
        double period = Math.Min(PeriodMsMax, options.Events * 1000 / options.Rate / 4);
        _deploys = new Deploys(period, _random);
        _attacks = new Attacks(_world, period, _random);
        _scans = new Scans(_world, period, _random);
    }

    /// <summary>Writes what happens next.</summary>
    /// <param name="line">Takes the event.</param>
    /// <param name="now">Milliseconds since the start; never falls.</param>
    public void Next(LineBuffer line, double now)
    {
        if (_attacks.IsDue(now))
        {
            Attempt attempt = _attacks.Take(now);
            _lines.Login(line, (long)now, attempt.Address, attempt.User, attempt.Success);
        }
        else if (_scans.IsDue(now))
        {
            (byte[] address, byte[] path) = _scans.Take(now);
            _lines.Probe(line, (long)now, AnyService(), address, path);
        }
        else if (_deploys.IsDue(now))
        {
            (Service service, byte[] version) = _deploys.Take(now);
            _lines.Deploy(line, (long)now, service, version);
        }
        else if (_deploys.Failing is Service failing && _random.Chance(0.1))
        {
            _lines.AppError(line, (long)now, failing, fatal: _random.Chance(0.25));
        }
        else
        {
            EventKind kind = _random.Below(1000) switch
            {
                < 3 => EventKind.AppError,
                < 80 => EventKind.Login,
                < 138 => EventKind.Payment,
                < 140 => EventKind.FailedPayment,
                _ => EventKind.HttpRequest,
            };
            Ordinary(line, now, kind);
        }
    }

    /// <summary>Writes an event of that kind that has no part in a story line.</summary>
    /// <inheritdoc cref="Next"/>
    public void Ordinary(LineBuffer line, double now, EventKind kind)
    {
        switch (kind)
        {
            case EventKind.HttpRequest:
                Service service = AnyService();
                _lines.HttpRequest(line, (long)now, service, failing: service == _deploys.Failing);
                break;
            case EventKind.Login:
                int user = _random.Below(_world.Users.Length);
                byte[] address = _random.Chance(0.85) ? _world.HomeOf(user) : _random.Any(_world.Addresses);
                _lines.Login(line, (long)now, address, _world.Users[user], success: _random.Chance(0.88));
                break;
            case EventKind.AppError:
                _lines.AppError(line, (long)now, AnyService(), fatal: _random.Chance(0.1));
                break;
            case EventKind.Payment:
                _lines.Payment(line, (long)now);
                break;
            case EventKind.FailedPayment:
                _lines.FailedPayment(line, (long)now);
                break;
            case EventKind.Deploy:
                _lines.Deploy(line, (long)now, AnyService(), "1.0.0"u8.ToArray());
                break;
            default:
                throw new UnreachableException($"There is no event of the kind {kind}.");
        }
    }

    private Service AnyService()
    {
        int place = _random.Below(100);
        int index = 0;
        while (place >= Service.All[index].Share)
        {
            place -= Service.All[index++].Share;
        }

        return Service.All[index];
    }
}
