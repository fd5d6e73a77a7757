using System.Net;
using System.Net.Sockets;

namespace Pipeline.Functions.Adapters;

/// <summary><c>execute.json</c>: how far commands may go.</summary>
/// <param name="BlockFor">How long an address stays blocked; PT24H unless said.</param>
/// <param name="Allow">Networks whose addresses are never blocked; none unless said.</param>
/// <param name="BlockedAddressesMax">Most addresses blocked at a time; 10,000 unless said.</param>
public sealed record ExecuteRules(TimeSpan BlockFor, IReadOnlyList<IPNetwork> Allow, int BlockedAddressesMax)
{
    /// <summary>Bound of <see cref="BlockedAddressesMax"/>: the list is read and written as a whole.</summary>
    private const int BlockedAddressesBound = 100_000;

    private static readonly TimeSpan BlockForMax = TimeSpan.FromDays(3650);

    /// <summary>Reads the file.</summary>
    /// <exception cref="Core.ConfigurationException">A member is unknown or wrong.</exception>
    public static ExecuteRules Read(ConfigFile file)
    {
        file.AllowOnly("blockFor", "allow", "blockedAddressesMax");
        return new ExecuteRules(
            file.Duration("blockFor", TimeSpan.FromHours(24), BlockForMax),
            file.Texts(
                "allow", Network, "a network without bits beyond its mask, such as 203.0.113.0/24 or 2001:db8::/32"),
            file.Integer("blockedAddressesMax", 10_000, 1, BlockedAddressesBound));
    }

    // .NET reads 010.0.0.0/8 as octal and 10/8 as 0.0.0.10/8: of IPv4 only what it writes itself is taken. Mapped
    // addresses are compared as IPv4, so a network of them would never match.
    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out var network)
        && !network.BaseAddress.IsIPv4MappedToIPv6
        && (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 || network.ToString() == text)
            ? network
            : throw new FormatException();
}
