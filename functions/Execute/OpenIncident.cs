namespace Pipeline.Functions.Execute;

/// <summary>
/// <c>open-incident {service, title?, at?}</c>: opens the service's incident, or adds to it while it is open.
/// </summary>
/// <remarks>
/// A failure observed (<c>at</c>) before the recovery that closed the last incident opens no new one: it came late.
/// Survives a second attempt by the command's id in the incident: it finds itself there and changes nothing.
/// </remarks>
public sealed class OpenIncident(SharedObjects objects, int commandsMax = Incident.IncidentCommandsMax)
    : ICommandHandler
{
    private const int TitleCharactersMax = 500;

    private readonly PagedLog<Incident> _log = new(objects, Incident.Read);

    /// <summary>Longest name of a service, in characters.</summary>
    public const int ServiceCharactersMax = 200;

    public Work Prepare(CommandArguments arguments)
    {
        var service = arguments.Text("service", ServiceCharactersMax);
        var title = arguments.OptionalText("title", TitleCharactersMax);
        var at = arguments.OptionalTime("at");
        return (attempt, cancellation) => _log.ChangeAsync(
            Incident.LatestKey(service), attempt, latest => Turn(latest, service, title, at, attempt), cancellation);
    }

    private Turn<Incident> Turn(Incident? latest, string service, string? title, DateTimeOffset? at, Attempt attempt)
    {
        var command = new IncidentCommand(attempt.Command, attempt.Delivery.Now, title);
        if (latest is { State: IncidentState.Closed } && at < latest.RecoveredAt)
        {
            return new(null, IsTurned: false, Effect.Nothing("the service has recovered since"));
        }
        if (latest is null or { State: IncidentState.Closed })
        {
            return new(Incident.Open(service, command, at, latest), IsTurned: latest is not null, Effect.Executed);
        }
        var isFull = latest.Commands.Count >= commandsMax;
        return new(latest.Add(command, isFull), isFull, Effect.Executed);
    }
}
