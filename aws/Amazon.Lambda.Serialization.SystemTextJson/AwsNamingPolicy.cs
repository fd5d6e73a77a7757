using System.Text.Json;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>Names of JSON members as AWS has them, where no rule of letters leads from ours to theirs.</summary>
public class AwsNamingPolicy : JsonNamingPolicy
{
    private readonly JsonNamingPolicy _others;

    /// <summary>Every name without one of AWS's own stays as it is.</summary>
    public AwsNamingPolicy()
    {
    }

    /// <summary>Every name without one of AWS's own goes by the policy given; null leaves it as it is.</summary>
    public AwsNamingPolicy(JsonNamingPolicy fallbackNamingPolicy)
    {
        _others = fallbackNamingPolicy;
    }

    /// <summary>The JSON name of a property.</summary>
    public override string ConvertName(string name) => name switch
    {
        "XAmzId2" => "x-amz-id-2",
        "XAmzRequestId" => "x-amz-request-id",
        _ => _others?.ConvertName(name) ?? name,
    };
}
