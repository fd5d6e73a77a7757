namespace Pipeline.Functions.Enrich;

/// <summary>Knows in which country an address is.</summary>
public interface ICountries
{
    /// <summary>Finds the country of an address.</summary>
    /// <param name="address">
    /// A JSON value; anything but a string with a public IPv4 or IPv6 address has no country.
    /// </param>
    /// <param name="country">ISO 3166-1 alpha-2, two capital ASCII letters.</param>
    bool TryFind(ReadOnlySpan<byte> address, out ReadOnlyMemory<byte> country);
}
