namespace Pipeline.Cli.Generate;

/// <summary>Writes events, one line each, <c>data</c> last: straight to UTF-8, for speed.</summary>
internal sealed class EventLines(World world, SeededRandom random, ulong seed, DateTimeOffset start)
{
    /// <summary>A lognormal distribution (sigma 0.8) by its quantiles, in thousandths of the median.</summary>
    /// <remarks>
    /// At 0.002, 1/32 … 31/32, 0.999. A table, because <see cref="Math.Exp"/> may differ in its last digit
    /// from machine to machine.
    /// </remarks>
    private static readonly int[] Quantiles =
    [
        100, 225, 293, 348, 398, 446, 492, 537, 583, 629, 676, 725, 775, 827, 882, 939, 1000,
        1065, 1134, 1209, 1290, 1380, 1478, 1589, 1715, 1861, 2033, 2243, 2510, 2870, 3412, 4438, 11_848,
    ];

    /// <summary>Currencies, the most used first, with the median amount in coins and the digits of a coin.</summary>
    private static readonly (byte[] Code, int Coins, int Digits)[] Currencies =
    [
        (World.Bytes("EUR"), 4290, 2), (World.Bytes("USD"), 4999, 2), (World.Bytes("GBP"), 3750, 2),
        (World.Bytes("JPY"), 6480, 0), (World.Bytes("CHF"), 5900, 2), (World.Bytes("BRL"), 18_990, 2),
        (World.Bytes("INR"), 249_900, 2), (World.Bytes("SEK"), 44_900, 2),
    ];

    private static readonly byte[][] Refusals =
    [
        World.Bytes("card declined by the issuer"), World.Bytes("insufficient funds"),
        World.Bytes("3-D Secure challenge timed out"), World.Bytes("the acquirer does not take this currency"),
    ];

    private readonly EventTime _time = new(start);
    private ulong _ids = SeededRandom.Mix(~seed);
    private long _orders = 1_000_000;

    /// <param name="line">Takes the event.</param>
    /// <param name="at">Milliseconds since the start.</param>
    /// <param name="failing">Whether the service has a bad version, so that many requests fail.</param>
    public void HttpRequest(LineBuffer line, long at, Service service, bool failing)
    {
        byte[] address = world.Addresses[random.Skewed(world.Addresses.Length)];
        Endpoint endpoint = service.Endpoints[random.Skewed(service.Endpoints.Length)];
        int status = Status(endpoint, failing);
        Begin(line, "http.request"u8, "/services/"u8, service.NameBytes, address, at);
        Trace(line, 0.5);
        line.Add(",\"data\":{\"ip\":\""u8).Add(address)
            .Add("\",\"method\":\""u8).Add(endpoint.MethodBytes)
            .Add("\",\"path\":\""u8).Add(endpoint.PathBytes);
        if (endpoint.Ids > 0)
        {
            line.AddNumber(1 + random.Skewed(endpoint.Ids));
        }

        line.Add("\",\"status\":"u8).AddNumber(status)
            .Add(",\"latencyMs\":"u8).AddDecimal(LatencyTenths(endpoint, status), 1)
            .Add(",\"bytes\":"u8).AddNumber(status is 204 or 304 ? 0 : status >= 400 ? 162 : Spread(endpoint.Bytes))
            .Add(",\"service\":\""u8).Add(service.NameBytes)
            .Add("\",\"userAgent\":\""u8).Add(World.Agents[random.Skewed(World.Agents.Length)])
            .Add("\"}}"u8);
    }

    /// <summary>A request for something that is not there, by someone who tries it everywhere.</summary>
    /// <inheritdoc cref="HttpRequest"/>
    public void Probe(LineBuffer line, long at, Service service, byte[] address, byte[] path)
    {
        Begin(line, "http.request"u8, "/services/"u8, service.NameBytes, address, at);
        line.Add(",\"data\":{\"ip\":\""u8).Add(address)
            .Add("\",\"method\":\"GET\",\"path\":\""u8).Add(path)
            .Add("\",\"status\":404,\"latencyMs\":"u8).AddDecimal(5 + Spread(20), 1)
            .Add(",\"bytes\":162,\"service\":\""u8).Add(service.NameBytes)
            .Add("\",\"userAgent\":\"zgrab/0.x\"}}"u8);
    }

    /// <inheritdoc cref="HttpRequest"/>
    public void Login(LineBuffer line, long at, byte[] address, byte[] user, bool success)
    {
        Begin(line, "auth.login"u8, "/services/"u8, "accounts"u8, address, at);
        if (!success)
        {
            line.Add(",\"severitynumber\":13,\"severitytext\":\"WARN\""u8);
        }

        Trace(line, 0.3);
        line.Add(",\"data\":{\"ip\":\""u8).Add(address)
            .Add("\",\"user\":\""u8).Add(user)
            .Add("\",\"outcome\":"u8).Add(success ? "\"success\"}}"u8 : "\"failure\"}}"u8);
    }

    /// <inheritdoc cref="HttpRequest"/>
    public void AppError(LineBuffer line, long at, Service service, bool fatal)
    {
        ErrorText error = random.Any(service.Errors);
        Begin(line, "app.error"u8, "/services/"u8, service.NameBytes, service.NameBytes, at);
        line.Add(fatal
            ? ",\"severitynumber\":21,\"severitytext\":\"FATAL\""u8
            : ",\"severitynumber\":17,\"severitytext\":\"ERROR\""u8);
        Trace(line, 0.7);
        line.Add(",\"data\":{\"service\":\""u8).Add(service.NameBytes)
            .Add("\",\"message\":\""u8).Add(error.MessageBytes);
        if (random.Chance(0.6))
        {
            line.Add("\",\"stack\":\""u8).Add(error.StackBytes);
        }

        line.Add("\"}}"u8);
    }

    /// <inheritdoc cref="HttpRequest"/>
    public void Payment(LineBuffer line, long at)
    {
        byte[] customer = random.Any(world.Customers);
        Begin(line, "payment.settled"u8, "/services/"u8, "payments"u8, customer, at);
        Trace(line, 0.8);
        Order(line, customer).Add("}}"u8);
    }

    /// <inheritdoc cref="HttpRequest"/>
    public void FailedPayment(LineBuffer line, long at)
    {
        byte[] customer = random.Any(world.Customers);
        Begin(line, "payment.failed"u8, "/services/"u8, "payments"u8, customer, at);
        line.Add(",\"severitynumber\":13,\"severitytext\":\"WARN\""u8);
        Trace(line, 0.8);
        Order(line, customer).Add(",\"reason\":\""u8).Add(random.Any(Refusals)).Add("\"}}"u8);
    }

    /// <inheritdoc cref="HttpRequest"/>
    public void Deploy(LineBuffer line, long at, Service service, byte[] version)
    {
        Begin(line, "deploy.finished"u8, "/delivery/"u8, service.NameBytes, service.NameBytes, at);
        line.Add(",\"severitynumber\":9,\"severitytext\":\"INFO\",\"data\":{\"service\":\""u8).Add(service.NameBytes)
            .Add("\",\"version\":\""u8).Add(version)
            .Add("\"}}"u8);
    }

    /// <summary>Writes the data of an order, but for its end.</summary>
    private LineBuffer Order(LineBuffer line, byte[] customer)
    {
        (byte[] code, int coins, int digits) = Currencies[random.Skewed(Currencies.Length)];
        return line.Add(",\"data\":{\"orderId\":\"ord-"u8).AddNumber(++_orders)
            .Add("\",\"amount\":"u8).AddDecimal(Spread(coins), digits)
            .Add(",\"currency\":\""u8).Add(code)
            .Add("\",\"customer\":\""u8).Add(customer)
            .Add((byte)'"');
    }

    private void Begin(
        LineBuffer line,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> sourceRoot,
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> subject,
        long at)
    {
        line.Clear();

        // A counter under a permutation: ids that look random and never meet.
        line.Add("{\"specversion\":\"1.0\",\"id\":\""u8).AddHex(SeededRandom.Mix(_ids++))
            .Add("\",\"source\":\""u8).Add(sourceRoot).Add(source)
            .Add("\",\"type\":\""u8).Add(type)
            .Add("\",\"subject\":\""u8).Add(subject)
            .Add("\",\"time\":\""u8);
        _time.Write(line, at, random);
        line.Add("\",\"datacontenttype\":\"application/json\""u8);
    }

    private void Trace(LineBuffer line, double share)
    {
        if (random.Chance(share))
        {
            // W3C Trace Context: an id of zeros is invalid, hence the lowest bit.
            line.Add(",\"traceparent\":\"00-"u8).AddHex(random.Next()).AddHex(random.Next() | 1)
                .Add((byte)'-').AddHex(random.Next() | 1).Add("-01\""u8);
        }
    }

    private int Status(Endpoint endpoint, bool failing)
    {
        if (failing && random.Chance(0.35))
        {
            return random.Below(10) switch { < 5 => 500, < 7 => 502, < 9 => 503, _ => 504 };
        }

        return random.Below(1000) switch
        {
            < 2 => 500,
            < 3 => 503,
            < 4 => 504,
            < 9 => 429,
            < 17 => 401,
            < 45 when endpoint.Ids > 0 => 404,
            < 90 when endpoint is { Status: 200, Method: "GET" } => 304,
            _ => endpoint.Status,
        };
    }

    private long LatencyTenths(Endpoint endpoint, int status) => status switch
    {
        504 => 300_000 + random.Below(400),
        304 or 401 or 429 => 5 + Spread(endpoint.LatencyMs * 2),
        _ => 1 + Spread(endpoint.LatencyMs * 10),
    };

    /// <summary>Draws from the lognormal distribution with that median.</summary>
    private long Spread(int median)
    {
        int place = random.Below((Quantiles.Length - 1) << 10);
        int index = place >> 10;
        long low = Quantiles[index];
        long thousandths = low + ((Quantiles[index + 1] - low) * (place & 1023) >> 10);
        return median * thousandths / 1000;
    }
}
