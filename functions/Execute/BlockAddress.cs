using System.Globalization;
using System.Text;
using Pipeline.Functions.Adapters;

namespace Pipeline.Functions.Execute;

/// <summary>
/// <c>block-address {address | ip, reason?}</c>: puts an address on the block list, for as long as the rules say.
/// </summary>
/// <remarks>
/// Refused: addresses that are not public, those that the rules allow, and any when the list is full. Survives a second
/// attempt because the time counts from the first one, and an address keeps the later of two ends.
/// </remarks>
public sealed class BlockAddress(SharedObjects objects, ExecuteRules rules) : ICommandHandler
{
    private const int AddressCharactersMax = 64;
    private const int ReasonCharactersMax = 500;

    public Work Prepare(CommandArguments arguments)
    {
        var (name, text) = arguments.Text("address", "ip", AddressCharactersMax);
        var reason = arguments.OptionalText("reason", ReasonCharactersMax);
        if (!PublicAddress.TryParse(Encoding.UTF8.GetBytes($"\"{text}\""), out var number, out var isPublic))
        {
            throw CommandArguments.Wrong(
                name, "is no IP address", "an IPv4 or IPv6 address without zone, port or mask");
        }
        var address = PublicAddress.ToIPAddress(number);
        var refusal =
            !isPublic ? "the address is private or reserved; only public addresses are blocked"
            : rules.Allow.Any(network => network.Contains(address)) ? "execute.json allows the address"
            : null;
        return (attempt, cancellation) => refusal is not null
            ? ValueTask.FromResult(Effect.Refuse(refusal))
            : objects.ChangeAsync(
                BlockListFile.Key,
                attempt,
                (stored, _) =>
                {
                    var until = attempt.StartedAt + rules.BlockFor;
                    var entry = new BlockedAddress(address.ToString(), until, attempt.Command, reason);
                    return ValueTask.FromResult(Add(BlockListFile.Read(stored), entry, attempt.Delivery.Now));
                },
                cancellation);
    }

    private Change Add(BlockListFile list, BlockedAddress entry, DateTimeOffset now)
    {
        if (entry.Until <= now)
        {
            return new Change(null, Effect.Nothing("the block would have ended by now"));
        }
        var number = entry.Number;
        var others = new List<BlockedAddress>();
        foreach (var blocked in list.Addresses)
        {
            if (blocked.Number != number)
            {
                others.Add(blocked);
            }
            else if (blocked.Until >= entry.Until)
            {
                return new Change(null, Effect.Executed);
            }
        }
        others.RemoveAll(blocked => blocked.Until <= now);
        if (others.Count >= rules.BlockedAddressesMax)
        {
            return new Change(null, Effect.Refuse(string.Create(
                CultureInfo.InvariantCulture, $"the block list is full ({others.Count} addresses)")));
        }
        return new Change(new BlockListFile([.. others, entry]).Write(), Effect.Executed);
    }
}
