using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Generate;

/// <summary>The cast of a seed: addresses, users and customers, each as the UTF-8 that stands in an event.</summary>
internal sealed class World
{
    /// <summary>Clients' addresses; with users and services they are some 1,300 keys for load to spread over.</summary>
    private const int AddressCount = 880;

    private const int UserCount = 400;

    private const string WebKit = "AppleWebKit/537.36 (KHTML, like Gecko)";

    /// <summary>Networks of many countries: the start of an address, the rest is drawn.</summary>
    private static readonly string[] Networks =
    [
        "1.128.", "2.125.160.", "5.144.", "8.8.", "14.160.", "23.20.", "24.48.", "31.0.", "36.64.", "41.0.",
        "41.80.", "49.32.", "52.94.", "62.46.", "67.43.156.", "77.56.", "78.160.", "79.192.", "80.160.",
        "81.2.69.", "83.0.", "84.208.", "85.0.", "86.96.", "88.0.", "88.112.", "89.160.20.", "90.0.", "91.0.",
        "93.72.", "95.24.", "105.112.", "114.240.", "116.86.", "117.192.", "126.0.", "145.97.", "151.0.",
        "160.39.", "175.16.199.", "177.0.", "179.6.", "181.0.", "181.48.", "188.48.", "189.128.", "190.160.",
        "196.216.", "200.147.", "202.196.224.", "211.32.", "216.160.83.", "10.0.", "10.42.", "172.20.", "192.168.",
    ];

    private static readonly string[] Networks6 =
    [
        "2001:218:", "2001:4860:", "2003:c0:", "2600:1f18:", "2804:14c:", "2a00:23c4:", "2a01:e0a:", "2a02:2f0b:",
        "2409:4042:", "2c0f:fe38:", "fd12:3456:",
    ];

    private static readonly string[] Names =
    [
        "anna", "bruno", "chidi", "dalia", "emre", "fatima", "goran", "hana", "ines", "jonas", "keiko", "liam", "mei",
        "noor", "olga", "pablo", "quentin", "ravi", "sofia", "tariq", "uma", "victor", "wanjiru", "ximena", "yusuf",
        "zo\u00EB",
    ];

    public static readonly byte[][] Agents =
    [
        .. new[]
        {
            $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WebKit} Chrome/131.0.0.0 Safari/537.36",
            $"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {WebKit} Version/18.1 Mobile/15E148 Safari/604.1",
            $"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WebKit} Version/18.1 Safari/605.1.15",
            $"Mozilla/5.0 (Linux; Android 15; Pixel 9) {WebKit} Chrome/131.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "ShopApp/7.4.1 (Android 14; SM-S921B)",
            "okhttp/4.12.0",
            "curl/8.5.0",
            string.Empty,
        }.Select(Bytes),
    ];

    /// <param name="random">Draws the cast.</param>
    public World(SeededRandom random)
    {
        Addresses = Distinct(AddressCount, () => Address(random));
        Users = new byte[UserCount][];
        Customers = new byte[UserCount][];
        for (int i = 0; i < UserCount; i++)
        {
            string letter = ((char)('a' + random.Below(26))).ToString();
            Users[i] = Bytes(string.Create(CultureInfo.InvariantCulture, $"{Names[i % Names.Length]}.{letter}{i}"));
            Customers[i] = Bytes(string.Create(CultureInfo.InvariantCulture, $"c-{10_000 + i * 7}"));
        }
    }

    public byte[][] Addresses { get; }

    public byte[][] Users { get; }

    /// <summary>The customer that each user is.</summary>
    public byte[][] Customers { get; }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Whether an address is of one of our own, private networks.</summary>
    public static bool IsPrivate(ReadOnlySpan<byte> address) =>
        address.StartsWith("10."u8) || address.StartsWith("172.20."u8) || address.StartsWith("192.168."u8)
        || address.StartsWith("fd12:"u8);

    /// <summary>The address that a user mostly comes from.</summary>
    public byte[] HomeOf(int user) => Addresses[user * 2 + 1];

    private static byte[][] Distinct(int count, Func<string> draw)
    {
        var seen = new HashSet<string>(count);
        while (seen.Count < count)
        {
            seen.Add(draw());
        }

        return [.. seen.Select(Bytes)];
    }

    private static string Address(SeededRandom random)
    {
        if (random.Chance(0.1))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{random.Any(Networks6)}{random.Between(1, 0xFFFF):x}::{random.Between(1, 0xFFFF):x}");
        }

        var address = new StringBuilder(random.Any(Networks));
        int parts = address.ToString().Count(c => c == '.');
        for (; parts < 3; parts++)
        {
            address.Append(CultureInfo.InvariantCulture, $"{random.Below(256)}.");
        }

        return address.Append(CultureInfo.InvariantCulture, $"{random.Between(1, 254)}").ToString();
    }
}
