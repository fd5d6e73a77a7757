namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The response to one invocation.</summary>
public class InvocationResponse
{
    /// <summary>A response that is closed once it was sent.</summary>
    /// <param name="outputStream">Read from where it stands to its end.</param>
    public InvocationResponse(Stream outputStream)
        : this(outputStream, disposeOutputStream: true)
    {
    }

    /// <param name="outputStream">Read from where it stands to its end.</param>
    /// <param name="disposeOutputStream">False when the handler goes on using the stream.</param>
    public InvocationResponse(Stream outputStream, bool disposeOutputStream)
    {
        ArgumentNullException.ThrowIfNull(outputStream);
        OutputStream = outputStream;
        DisposeOutputStream = disposeOutputStream;
    }

    /// <summary>The response's bytes.</summary>
    public Stream OutputStream { get; set; }

    /// <summary>Whether the stream is closed once it was sent.</summary>
    public bool DisposeOutputStream { get; private set; }
}
