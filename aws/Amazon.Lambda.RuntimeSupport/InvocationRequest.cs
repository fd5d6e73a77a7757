using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One invocation: its payload, and what the service says about it.</summary>
public class InvocationRequest : IDisposable
{
    /// <param name="inputStream">The whole payload.</param>
    /// <param name="lambdaContext">What the service says about the invocation.</param>
    public InvocationRequest(Stream inputStream, ILambdaContext lambdaContext)
    {
        InputStream = inputStream;
        LambdaContext = lambdaContext;
    }

    /// <summary>The whole payload; closed when the invocation is over.</summary>
    public Stream InputStream { get; internal set; }

    /// <summary>What the service says about the invocation.</summary>
    public ILambdaContext LambdaContext { get; internal set; }

    /// <summary>Closes the payload.</summary>
    public void Dispose()
    {
        InputStream?.Dispose();
        GC.SuppressFinalize(this);
    }
}
