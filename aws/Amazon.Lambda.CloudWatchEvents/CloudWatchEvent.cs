using System.Text.Json.Serialization;

namespace Amazon.Lambda.CloudWatchEvents;

/// <summary>An event that EventBridge delivers to a function.</summary>
/// <typeparam name="T">What the event's source says about it.</typeparam>
public class CloudWatchEvent<T>
{
    /// <summary>Version of the envelope.</summary>
    public string Version { get; set; }

    /// <summary>The account it comes from, 12 digits.</summary>
    public string Account { get; set; }

    /// <summary>The region it comes from.</summary>
    public string Region { get; set; }

    /// <summary>What the event's source says about it.</summary>
    public T Detail { get; set; }

    /// <summary>What happened; with the source it tells what <see cref="Detail"/> holds.</summary>
    [JsonPropertyName("detail-type")]
    public string DetailType { get; set; }

    /// <summary>The service that sent it, such as <c>aws.events</c>; AWS's own begin with <c>aws.</c>.</summary>
    public string Source { get; set; }

    /// <summary>When it happened, by its source.</summary>
    public DateTime Time { get; set; }

    /// <summary>The event's id.</summary>
    public string Id { get; set; }

    /// <summary>ARNs of what takes part in it; may be empty.</summary>
    public List<string> Resources { get; set; }
}
