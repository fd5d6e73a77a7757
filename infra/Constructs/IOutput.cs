using Amazon.CDK.AWS.IAM;

namespace Pipeline.Infra.Constructs;

/// <summary>Where a filter's output goes: a stream, or the queues of all priorities.</summary>
public interface IOutput
{
    /// <summary>The pipe's name, for descriptions.</summary>
    string Name { get; }

    /// <summary>The environment variables by which a function knows its output.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Lets a role write, and nothing else.</summary>
    void GrantWrite(IGrantable writer);
}
