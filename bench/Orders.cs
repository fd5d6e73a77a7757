using System.Globalization;
using System.Text;

namespace Pipeline.Bench;

/// <summary>Data of <c>order.placed</c> events, all valid by <c>schema.json</c>; always the same.</summary>
internal static class Orders
{
    private const int Seed = 2026;

    private static readonly string[] Channels = ["web", "app", "store", "phone"];
    private static readonly string[] Currencies = ["EUR", "USD", "GBP", "CHF"];
    private static readonly string[] Methods = ["card", "invoice", "voucher"];
    private static readonly string[] Names = ["anna.berg", "j-smith", "m_rossi", "li.wei", "o.connor"];
    private static readonly string[] Hosts = ["example.com", "mail.example.org", "shop-customers.example.net"];
    private static readonly string[] Titles =
        ["Espresso machine", "Teapot, 1.2 l", "Café filters \\u2116 4", "Milk frother", "Crème brûlée set", "Kettle"];

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0",
        "ShopApp/7.4.1 (Android 14; SM-S921B)",
        "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
    ];

    /// <summary>Makes some, as JSON in UTF-8.</summary>
    internal static byte[][] Make(int count)
    {
        var random = new Random(Seed);
        var orders = new byte[count][];
        for (var index = 0; index < count; index++)
        {
            orders[index] = Encoding.UTF8.GetBytes(Order(random));
        }
        return orders;
    }

    private static string Order(Random random)
    {
        var items = new List<string>();
        for (var count = random.Next(1, 5); items.Count < count;)
        {
            items.Add(Item(random, items.Count));
        }
        var method = Pick(random, Methods);
        var lastFour = method == "card" ? $",\"lastFour\":\"{random.Next(10_000):D4}\"" : "";
        var coupon = random.Next(3) == 0 ? $"\"coupon\":\"SPRING{random.Next(100)}\",\"discount\":0.15," : "";
        return string.Create(CultureInfo.InvariantCulture,
            $$"""
            {"schemaVersion":3,"orderId":"{{Identifier(random)}}","placedAt":"{{Time(random)}}",
            """)
            + $$"""
            "channel":"{{Pick(random, Channels)}}","currency":"{{Pick(random, Currencies)}}",
            """
            + $$"""
            "customer":{{Customer(random)}},"items":[{{string.Join(',', items)}}],{{coupon}}
            """
            + $$"""
            "total":{{Price(random, 2_000)}},"payment":{"method":"{{method}}"{{lastFour}}},
            """
            + $$"""
            "location":[{{Degrees(random, 90)}},{{Degrees(random, 180)}}],
            """
            + $$"""
            "labels":{"x-campaign":"autumn-{{random.Next(100)}}","priority":{{random.Next(10)}},"gift":false}
            """
            + "}";
    }

    private static string Item(Random random, int place) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"sku":"KX-{{random.Next(10_000)}}-{{(char)('A' + random.Next(26))}}{{place}}",
        """)
        + $$"""
        "kind":"{{(place == 0 ? "goods" : "service")}}","title":"{{Pick(random, Titles)}}",
        """
        + string.Create(CultureInfo.InvariantCulture, $$"""
        "quantity":{{random.Next(1, 12)}},"unitPrice":{{Price(random, 500)}}
        """) + "}";

    private static string Customer(Random random) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"id":"C-{{random.Next(100_000, 99_999_999)}}",
        """)
        + string.Create(CultureInfo.InvariantCulture, $$"""
        "email":"{{Pick(random, Names)}}{{random.Next(100)}}@{{Pick(random, Hosts)}}",
        """)
        + $$"""
        "address":"{{Address(random)}}","userAgent":"{{Pick(random, Agents)}}"
        """
        + "}";

    private static string Identifier(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private static string Time(Random random) => string.Create(CultureInfo.InvariantCulture,
        $"2026-{random.Next(1, 13):D2}-{random.Next(1, 29):D2}T{random.Next(24):D2}:{random.Next(60):D2}:09.")
        + string.Create(CultureInfo.InvariantCulture, $"{random.Next(1_000):D3}Z");

    private static string Address(Random random) => random.Next(4) == 0
        ? $"2001:db8:{random.Next(65_536):x}::{random.Next(65_536):x}"
        : $"{random.Next(1, 224)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}";

    private static string Price(Random random, int max) =>
        string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, max)}.{random.Next(100):D2}");

    private static string Degrees(Random random, int max) =>
        string.Create(CultureInfo.InvariantCulture, $"{random.Next(1 - max, max)}.{random.Next(100_000):D5}");

    private static string Pick(Random random, string[] all) => all[random.Next(all.Length)];
}
