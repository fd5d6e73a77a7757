namespace Pipeline.Cli.Generate;

/// <summary>An endpoint of a service.</summary>
/// <param name="Path">Without the number at its end, when <paramref name="Ids"/> says that it has one.</param>
/// <param name="Ids">How many different numbers the path can end in; 0 when it ends in none.</param>
/// <param name="Status">What a request gets that succeeds.</param>
/// <param name="LatencyMs">Median, in milliseconds.</param>
/// <param name="Bytes">Median of the response's body; 0 when there is none.</param>
internal sealed record Endpoint(string Method, string Path, int Ids, int Status, int LatencyMs, int Bytes)
{
    public byte[] MethodBytes { get; } = World.Bytes(Method);

    public byte[] PathBytes { get; } = World.Bytes(Path);
}

/// <summary>A service of the shop.</summary>
/// <param name="Name">As in <c>data.service</c>; the source is <c>/services/</c> and the name.</param>
/// <param name="Share">Its share of all requests, in percent.</param>
/// <param name="Endpoints">The first ones are asked for most.</param>
/// <param name="Errors">What it says when it fails.</param>
internal sealed record Service(string Name, int Share, Endpoint[] Endpoints, ErrorText[] Errors)
{
    /// <summary>The shop's services; their shares add up to 100.</summary>
    public static readonly Service[] All =
    [
        new("catalog", 38,
        [
            new("GET", "/products/", 4000, 200, 18, 6200), new("GET", "/categories/", 60, 200, 24, 18_400),
            new("GET", "/products/featured", 0, 200, 9, 22_000), new("GET", "/images/", 9000, 200, 6, 84_000),
            new("HEAD", "/products/", 4000, 200, 5, 0),
        ],
        [
            new("replica lag of 41 s exceeds 30 s", "Catalog.Store.ReplicaGuard.Check"),
            new("cannot decode image \\\"hero-1280.webp\\\": unexpected end of data", "Catalog.Images.Decoder.Read"),
        ]),
        new("search", 22,
        [
            new("GET", "/search?q=winter+jacket&page=", 40, 200, 62, 14_800),
            new("GET", "/search?q=caf%C3%A9&page=", 9, 200, 55, 9_300), new("GET", "/suggest?q=", 900, 200, 12, 820),
            new("POST", "/search/feedback", 0, 202, 8, 0),
        ],
        [
            new("shard products-7 timed out after 2000 ms", "Search.Index.ShardClient.Query"),
            new("too many clauses: 1025 of 1024 allowed", "Search.Query.Parser.Expand"),
        ]),
        new("checkout", 16,
        [
            new("GET", "/cart/", 3000, 200, 21, 2_900), new("PUT", "/cart/", 3000, 200, 34, 3_100),
            new("POST", "/orders", 0, 201, 140, 1_250), new("DELETE", "/cart/", 3000, 204, 19, 0),
        ],
        [
            new("cannot reserve stock: deadlock, transaction rolled back", "Checkout.Stock.Reservation.Reserve"),
            new("tax rate missing for region \\\"ES-CN\\\"", "Checkout.Pricing.Tax.RateOf"),
        ]),
        new("accounts", 14,
        [
            new("GET", "/me", 0, 200, 15, 1_100), new("POST", "/sessions", 0, 201, 180, 640),
            new("PATCH", "/me/address", 0, 200, 33, 900), new("OPTIONS", "/sessions", 0, 204, 2, 0),
        ],
        [
            new("session store refused the connection: too many clients", "Accounts.Sessions.Store.Open"),
            new("cannot render name \\\"Zo\u00EB \u6797\\\": font lacks a glyph", "Accounts.Cards.Renderer.Draw"),
        ]),
        new("payments", 10,
        [
            new("POST", "/payments", 0, 201, 320, 780), new("GET", "/payments/", 6000, 200, 26, 810),
            new("POST", "/refunds", 0, 202, 260, 420), new("GET", "/methods", 0, 200, 11, 1_500),
        ],
        [
            new("acquirer answered 502 twice \u2192 gave up", "Payments.Acquirer.Client.Capture"),
            new("idempotency key reused with another amount", "Payments.Ledger.Guard.Check"),
        ]),
    ];

    public byte[] NameBytes { get; } = World.Bytes(Name);
}

/// <summary>What a service says when it fails, ready to stand in a JSON string.</summary>
/// <param name="Message">Escaped where JSON wants it.</param>
/// <param name="Method">The top frame of the stack.</param>
internal sealed record ErrorText(string Message, string Method)
{
    public byte[] MessageBytes { get; } = World.Bytes(Message);

    public byte[] StackBytes { get; } = World.Bytes(
        $"   at {Method}()\\n" +
        $"   at {Method[..Method.LastIndexOf('.')]}.Handle(Request request)\\n" +
        "   at Shop.Hosting.Server.Run()");
}
