namespace Pipeline.Functions.Enrich;

/// <summary>Knows which addresses are blocked.</summary>
public interface IBlockList
{
    /// <summary>Whether an address was blocked at a moment, however it is written.</summary>
    /// <param name="address">A JSON value; anything but a string with an IPv4 or IPv6 address is not blocked.</param>
    bool IsBlocked(ReadOnlySpan<byte> address, DateTimeOffset at);
}
