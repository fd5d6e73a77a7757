namespace Amazon.Lambda.CloudWatchEvents.ScheduledEvents;

/// <summary>What a schedule says about its event: nothing.</summary>
public class Detail
{
}
