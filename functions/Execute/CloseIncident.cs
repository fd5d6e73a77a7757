namespace Pipeline.Functions.Execute;

/// <summary><c>close-incident {service, at?}</c>: closes the service's open incident.</summary>
/// <remarks>
/// A recovery observed (<c>at</c>) before the failure that opened the incident does not end it, whichever command was
/// carried out first.
/// Survives a second attempt by the command's id in the incident it closed, wherever that is kept by then: it never
/// closes a later one.
/// </remarks>
public sealed class CloseIncident(SharedObjects objects, int commandsMax = Incident.IncidentCommandsMax)
    : ICommandHandler
{
    private readonly PagedLog<Incident> _log = new(objects, Incident.Read);

    public Work Prepare(CommandArguments arguments)
    {
        var service = arguments.Text("service", OpenIncident.ServiceCharactersMax);
        var at = arguments.OptionalTime("at");
        return (attempt, cancellation) => _log.ChangeAsync(
            Incident.LatestKey(service), attempt, latest => Turn(latest, at, attempt), cancellation);
    }

    private Turn<Incident> Turn(Incident? latest, DateTimeOffset? at, Attempt attempt)
    {
        if (latest is not { State: IncidentState.Open })
        {
            return new(null, IsTurned: false, Effect.Nothing("no open incident"));
        }
        if (at < latest.ObservedAt)
        {
            return new(null, IsTurned: false, Effect.Nothing("the open incident began later"));
        }
        var isFull = latest.Commands.Count >= commandsMax;
        return new(latest.Close(attempt.Command, attempt.Delivery.Now, at, isFull), isFull, Effect.Executed);
    }
}
