using Amazon.CDK.AWS.IAM;

namespace Pipeline.Infra.Constructs;

/// <summary>What a stream filter reads: a stream by polling it, or through a consumer of its own.</summary>
public interface IInput
{
    /// <summary>The stream that is read.</summary>
    EventStream Pipe { get; }

    /// <summary>What a mapping names as its source.</summary>
    string SourceArn { get; }

    /// <summary>Lets a role read, in the way that this input is read.</summary>
    void GrantRead(IGrantable reader);
}
