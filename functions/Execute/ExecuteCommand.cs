using System.Text.Json;
using Pipeline.Core;
using Pipeline.Core.Commands;
using Pipeline.Functions.Adapters;
using Pipeline.Functions.Pump;

namespace Pipeline.Functions.Execute;

/// <summary>Carries commands out: finds the handler by the command's name, and keeps the record of it.</summary>
/// <remarks>
/// In: <c>commands-high</c>, <c>-normal</c> or <c>-low</c>. Out: objects in the bucket. Order: none. Delivery: at least
/// once; the record makes a second delivery a no-op, and where an attempt died half way, the next one finds by the
/// command's id what it did. Drops: <see cref="DropReason.Expired"/>, <see cref="DropReason.AlreadyExecuted"/>. Fails:
/// what is no command, unknown commands, wrong arguments. Faults: those of the bucket.
/// </remarks>
public sealed class ExecuteCommand(
    IReadOnlyDictionary<string, ICommandHandler> handlers, ExecutionRecords records, IOutputPort output)
    : IMessageHandler
{
    public async ValueTask<MessageOutcome> HandleAsync(
        string body, Delivery delivery, CancellationToken cancellation)
    {
        if (!CommandText.TryRead(body, out var command, out var flaw))
        {
            return MessageOutcome.Fail(flaw!);
        }
        if (!TryPrepare(command!, out var work, out var error))
        {
            return await records.NoteAsync(command!, error, delivery, cancellation)
                ? Fail(command!, error)
                : MessageOutcome.Drop(DropReason.AlreadyExecuted);
        }
        var claim = await records.ClaimAsync(command!, delivery, cancellation);
        return claim.Status switch
        {
            ClaimStatus.Finished => MessageOutcome.Drop(DropReason.AlreadyExecuted),
            ClaimStatus.Expired => MessageOutcome.Drop(DropReason.Expired),
            ClaimStatus.Leased => Fail(
                command!, $"Another worker has it until {Rfc3339.Format(claim.Record.LeaseUntil!.Value)}."),
            _ => await ExecuteAsync(command!, work, claim, delivery, cancellation),
        };
    }

    private bool TryPrepare(Command command, out Work work, out string error)
    {
        (work, error) = (null!, "");
        if (!handlers.TryGetValue(command.Name, out var handler))
        {
            error = $"There is no such command; there are {string.Join(", ", handlers.Keys)}.";
            return false;
        }
        try
        {
            using var arguments = JsonDocument.Parse(command.Arguments);
            work = handler.Prepare(new CommandArguments(arguments.RootElement.Clone()));
            return true;
        }
        catch (InvalidArgumentsException wrong)
        {
            error = wrong.Message;
            return false;
        }
    }

    private async ValueTask<MessageOutcome> ExecuteAsync(
        Command command, Work work, Claim claim, Delivery delivery, CancellationToken cancellation)
    {
        var attempt = new Attempt(command.Id, claim.Record.StartedAt, claim.IsRedo, delivery);
        var effect = await work(attempt, cancellation);
        if (!await records.FinishAsync(command, claim, effect, delivery, cancellation))
        {
            return Fail(command, "Another worker took it over; it comes again to see that one finish.");
        }
        if (effect.Outcome == CommandOutcome.Refused)
        {
            Log.Write(output, $"Command {command.Id} ({command.Name}) was refused: {effect.Detail}.");
        }
        return MessageOutcome.Done;
    }

    private static MessageOutcome Fail(Command command, string problem) =>
        MessageOutcome.Fail($"Command {command.Id} ({command.Name}): {problem}");
}
